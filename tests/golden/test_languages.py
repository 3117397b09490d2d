"""A golden case a language: one small page in it, as plain lines, and what must come out.

``languages/<code>.toml`` holds the texts of the page; its name is that of the language's file of wordings. All of
them tell of the same ferry, in our own words.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from schemas import RawPage, SplitPage
from worker.extract import split_page
from worker.extract.lexicon import WORDINGS

LANGUAGES = Path(__file__).parent / "languages"
CASES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(LANGUAGES.glob("*.toml"))}


def test_every_language_of_the_lexicon_has_its_case():
    """A file of wordings is shown at work on a page."""
    assert {language.code for language in WORDINGS.languages} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_a_page_of_every_language_reads_whole(code: str):
    """Byline, pointer and headings of the language are known: nothing of them is in the text."""
    case = CASES[code]

    page = split_page(RawPage(body="\n\n".join(lines(case)), content_type="text/plain", source="golden"))

    assert {"headline": case["headline"], "authors": (case["author"],), "lead": case["lead"]} == {
        name: getattr(page.article, name) for name in ("headline", "authors", "lead")
    }
    assert case["body"] == [block.text for block in page.article.body]
    assert teasers(case) == found(page)


def lines(case: dict[str, Any]) -> list[str]:
    """Return the page as plain lines."""
    label, headline = case["inline"]
    pointer = f"{label} {headline}" if label.endswith("]") else f"{label}: {headline}"
    above = [case["headline"], f"{case['byline']} |", case["lead"], case["body"][0], pointer, case["body"][1]]
    return [*above, *case["related"], "|", *case["latest"], "|"]


def teasers(case: dict[str, Any]) -> set[tuple[str, str]]:
    """Return kind and headline of what must be found."""
    return {(kind, case[kind][1]) for kind in ("inline", "related", "latest")}


def found(page: SplitPage) -> set[tuple[str, str | None]]:
    """Return kind and headline of what was."""
    return {(teaser.kind.value, teaser.headline) for teaser in page.teasers}
