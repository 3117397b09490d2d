"""Names of months and weekdays, and the labels before a date, in all languages. **Pure**, **total**."""

from typing import Literal

from worker.extract.lexicon.files import Wordings
from worker.identity import fold

LONGEST_DATE_LABEL = 40
"""Characters of the head of a line in which such a label is looked for."""


class Calendar:
    """The names as tables from folded text."""

    def __init__(self, wordings: Wordings) -> None:
        self._months: dict[str, dict[int, set[str]]] = {}
        self._weekdays: set[str] = set()
        self._labels: dict[str, Literal["published", "modified"]] = {}
        for language in wordings.languages:
            for number, names in enumerate(language.months, start=1):
                for name in names:
                    self._months.setdefault(fold(name), {}).setdefault(number, set()).add(language.code)
            self._weekdays.update(fold(name) for name in language.dates.get("weekdays", ()))
            for label in language.dates.get("published", ()):
                self._labels[fold(label)] = "published"
            for label in language.dates.get("modified", ()):
                self._labels[fold(label)] = "modified"
        self._lengths = sorted({len(label) for label in self._labels}, reverse=True)

    def month(self, name: str, language: str | None = None) -> int | None:
        """Return the number of the month, 1 to 12; None for another word.

        Args:
            name: A word, full or cut, with or without a full stop.
            language: ISO 639-1 code. Needed only where languages differ: "listopad" is October in Croatian
                and November in Czech and Polish. Without it such a name gives None.
        """
        numbers = self._months.get(fold(name))
        if numbers is None:
            return None
        if len(numbers) == 1:
            return next(iter(numbers))
        return next((number for number, codes in numbers.items() if language in codes), None)

    def is_weekday(self, name: str) -> bool:
        """Tell whether the word is a weekday, full or cut, in any language."""
        return fold(name) in self._weekdays

    def label(self, text: str) -> Literal["published", "modified"] | None:
        """Return which date the line announces by its first words; None if by none."""
        head = fold(text[:LONGEST_DATE_LABEL])
        for length in self._lengths:
            if (found := self._labels.get(head[:length])) is not None and not head[length : length + 1].isalpha():
                return found
        return None

    def month_names(self) -> frozenset[str]:
        """Return every folded name of a month: what a search for written dates is built from."""
        return frozenset(self._months)
