"""Lines that say the headline of a teaser of the same page, word for word: its repeats, and no text of the article.

Live blogs head an entry with the headline of the story that the entry then points to, and list such headlines
above their entries.
"""

from collections.abc import Callable, Iterable

from worker.extract.items import Form, FoundItem
from worker.identity import fold, is_identifying

_MARKS = " \u00a0>»›•·–—-"
"""What stands before the lines of a list."""


def repeats_of(items: Iterable[FoundItem]) -> Callable[[str], bool]:
    """Return the question whether a line repeats one of the items; a headline of one word repeats none."""
    headlines = {item.headline.strip(_MARKS) for item in items if item.headline and item.form is not Form.ORPHAN}

    def repeats(line: str) -> bool:
        bare = line.strip(_MARKS)
        return bare in headlines and is_identifying(fold(bare))

    return repeats
