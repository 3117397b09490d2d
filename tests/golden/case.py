"""The cases and how one is run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas import RawPage
from worker import samples
from worker.extract import PageError, split_page

CASES = Path(__file__).parent / "cases"
SAMPLES = Path(samples.__file__).parent / "pages"

_VERSIONS = {"extractor_version", "identity_version", "lexicon_version"}
"""What changes with every release and says nothing about the page."""


@dataclass(frozen=True)
class Case:
    """A folder: ``page.html`` or ``page.txt``, ``page.json``, ``expected.json`` and ``NOTE.md``.

    A case of an invented page that comes with the worker has no page of its own: its ``page.json`` names the
    ``sample``.
    """

    folder: Path

    @property
    def page(self) -> RawPage:
        """The page with what its ``page.json`` says of it."""
        told = json.loads((self.folder / "page.json").read_text(encoding="utf-8"))
        own = (self.folder / name for name in ("page.html", "page.txt"))
        path = SAMPLES / told["sample"] if "sample" in told else next(each for each in own if each.exists())
        at = told.get("fetched_at")
        return RawPage(
            url=told.get("url"),
            fetched_at=datetime.fromisoformat(at) if at else None,
            content_type=told.get("content_type", "text/plain" if path.suffix == ".txt" else "text/html"),
            charset=told.get("charset"),
            source=told.get("source", "golden"),
            body_encoding=told.get("body_encoding"),
            body=path.read_bytes(),
        )

    @property
    def expected(self) -> dict[str, Any]:
        """What was accepted."""
        loaded: dict[str, Any] = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        return loaded

    def result(self) -> dict[str, Any]:
        """Return what the core makes of the page now."""
        try:
            split = split_page(self.page)
        except PageError as error:
            return {"rejected": error.reason.value}
        made: dict[str, Any] = json.loads(split.model_dump_json(exclude=_VERSIONS, exclude_none=True))
        return made


def cases() -> Iterator[Case]:
    """Yield all cases in the order of their names."""
    for folder in sorted(CASES.iterdir()):
        if (folder / "page.json").exists():
            yield Case(folder)
