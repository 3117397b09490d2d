"""Flattened pages, measured: ``python -m benchmarks.flattened [--json FILE]``.

The dev pages with labels are written as plain lines at evaluation time, in the form in which pages without markup
arrive, and nothing of them is kept. Truth is known from the labels of the HTML. Four forms of each page: with
headings, without, without blank lines, and with bare bars only. Items have no address, so a story is its headline.
The kind of a teaser is looked at where its block keeps its heading.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from benchmarks.corpora import CORPORA, page_of, require, truths
from benchmarks.tally import Tally, f1_by, worst
from schemas import RawPage, SplitPage
from worker.extract import PageError, split_page
from worker.identity import fold, is_identifying

OPTIONAL = ("sponsored", "other")
"""Kinds that count neither as hit nor as miss, as for the HTML pages."""


AS_WRITTEN = {"inline": "related"}
"""Kinds that are others here: all items are written below the text, none inside."""


@dataclass
class Sheet:
    """One page as lines, and what must come out."""

    name: str
    language: str
    html: RawPage
    headline: str
    authors: list[str]
    paragraphs: list[str]
    blocks: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stories(self) -> dict[str, set[str]]:
        """Folded headlines of the items, with the kinds of the blocks they stand in."""
        found: dict[str, set[str]] = {}
        for block in self.blocks:
            for item in block["items"]:
                if not item.get("self") and is_identifying(key := fold(item["title"] or "")):
                    found.setdefault(key, set()).add(AS_WRITTEN.get(block["kind"], block["kind"]))
        found.pop(fold(self.headline), None)
        return found


def sheets() -> list[Sheet]:
    """Return the labelled pages: those with teasers, and the other article pages that have a truth.

    The body of a page with labelled teasers and no truth of its own is what the core reads from its HTML: such a
    page measures the teasers, and counts for the body only on both sides alike.
    """
    articles = {truth["url"]: truth for truth in truths("fundus")}
    found: list[Sheet] = []
    for path in sorted(require(CORPORA / "teasers" / "labels").glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        body = gzip.decompress((CORPORA / "teasers" / "pages" / f"{label['id']}.html.gz").read_bytes())
        page = RawPage(url=label["url"], body=body, source="corpus")
        truth = articles.pop(label["url"], None) or _read(page, label)
        found.append(_sheet(page, truth | {"title": label["article_title"]}, label["blocks"]))
    found += [_sheet(page_of("fundus", truth), truth, []) for truth in articles.values()]
    return [sheet for sheet in found if sheet.headline and len(sheet.paragraphs) > 1]


def _read(page: RawPage, label: dict[str, Any]) -> dict[str, Any]:
    """Return what the core reads from the HTML, in the form of a truth."""
    split = split_or_none(page)
    blocks = split.article.body if split and split.article else ()
    return {"id": label["id"], "lang": label["lang"], "paragraphs": [block.text for block in blocks]}


def _sheet(page: RawPage, truth: dict[str, Any], blocks: list[dict[str, Any]]) -> Sheet:
    texts = [" ".join(text.split()) for text in truth.get("paragraphs") or []]
    return Sheet(
        name=truth["id"],
        language=(truth.get("lang") or "und").partition("-")[0],
        html=page,
        headline=" ".join((truth["title"] or "").split()),
        authors=truth.get("authors") or [],
        paragraphs=list(filter(None, texts)),
        blocks=blocks,
    )


def lines(sheet: Sheet, *, with_headings: bool, with_bylines: bool) -> Iterator[str]:
    """Yield the page line by line."""
    yield sheet.headline
    yield f"{', '.join(sheet.authors)} |".strip() if with_bylines else "|"
    yield from sheet.paragraphs
    for block in sheet.blocks:
        if with_headings and block.get("heading"):
            yield block["heading"]
        for item in block["items"]:
            if item["title"]:
                yield item["title"]
                yield f"{item.get('byline') or ''} |".strip() if with_bylines else "|"
                if item.get("lead"):
                    yield item["lead"]


FORMS: dict[str, Callable[[Sheet], str]] = {
    "headings": lambda sheet: "\n\n".join(lines(sheet, with_headings=True, with_bylines=True)),
    "no headings": lambda sheet: "\n\n".join(lines(sheet, with_headings=False, with_bylines=True)),
    "no blank lines": lambda sheet: "\n".join(lines(sheet, with_headings=True, with_bylines=True)),
    "bare bars": lambda sheet: "\n\n".join(lines(sheet, with_headings=True, with_bylines=False)),
}
"""How a page is written, by name."""


WITH_KINDS, WITHOUT_BYLINES = "headings", "bare bars"
"""The form whose blocks have their headings, and so their kinds; the one that names nobody."""


@dataclass(frozen=True)
class Measured:
    """What came out of one page in one form."""

    sheet: Sheet
    form: str
    teasers: Tally
    kinds: dict[str, Tally]
    """By the kind of the block."""

    headline: bool
    """Whether it is right; so for the authors."""

    authors: bool
    body: float
    """F1 of the words of lead and body."""

    html_body: float
    """The same of what is read from the HTML."""

    repeats: int
    """Teasers that come out twice."""

    in_body: int
    """Teasers whose headline is a line of the body."""


def split_or_none(page: RawPage) -> SplitPage | None:
    """Return the split of a page, None for a rejected one."""
    try:
        return split_page(page)
    except PageError:
        return None


def body_f1(page: SplitPage | None, paragraphs: Iterable[str]) -> float:
    """Return the F1 of the words of lead and body, as multisets."""
    article = page.article if page else None
    made = [article.lead or "", *(block.text for block in article.body)] if article else []
    have, want = (Counter(" ".join(texts).casefold().split()) for texts in (made, paragraphs))
    return Tally((have & want).total(), (have - want).total(), (want - have).total()).f1


def teaser_tally(page: SplitPage | None, stories: dict[str, set[str]]) -> Tally:
    """Return hits, false alarms and misses among the stories that must be found."""
    made = {fold(teaser.headline or "") for teaser in page.teasers} if page else set()
    mandatory = {key for key, kinds in stories.items() if not kinds <= set(OPTIONAL)}
    return Tally(len(made & mandatory), len(made - set(stories)), len(mandatory - made))


def kind_tallies(page: SplitPage | None, stories: dict[str, set[str]]) -> dict[str, Tally]:
    """Return the same by kind: a story found as another kind is missed as its own and false as the other."""
    made = {fold(teaser.headline or ""): teaser.kind.value for teaser in page.teasers} if page else {}
    labelled = {key: kinds - set(OPTIONAL) for key, kinds in stories.items() if not kinds <= set(OPTIONAL)}
    given = {key: kind for key, kind in made.items() if key in labelled or key not in stories}
    found = {}
    for kind in sorted({*given.values(), *(kind for kinds in labelled.values() for kind in kinds)}):
        have = {key for key, its in given.items() if its == kind}
        want = {key for key, its in labelled.items() if kind in its}
        found[kind] = Tally(len(have & want), len(have - want), len(want - have))
    return found


def measured(pages: Iterable[Sheet]) -> list[Measured]:
    """Return what comes out of each page in each form."""
    found = []
    for sheet in pages:
        html_body = body_f1(split_or_none(sheet.html), sheet.paragraphs)
        found += [_measured(sheet, form, html_body) for form in FORMS]
    return found


def _measured(sheet: Sheet, form: str, html_body: float) -> Measured:
    page = split_or_none(RawPage(body=FORMS[form](sheet), content_type="text/plain", source="corpus"))
    article = page.article if page else None
    made = [fold(teaser.headline or "") for teaser in page.teasers] if page else []
    authors = sheet.authors if form != WITHOUT_BYLINES else ()
    return Measured(
        sheet=sheet,
        form=form,
        teasers=teaser_tally(page, sheet.stories),
        kinds=kind_tallies(page, sheet.stories),
        headline=article is not None and article.headline == sheet.headline,
        authors=article is not None and {*map(fold, article.authors)} == {*map(fold, authors)},
        body=body_f1(page, sheet.paragraphs),
        html_body=html_body,
        repeats=len(made) - len(set(made)),
        in_body=len({fold(block.text) for block in article.body} & set(made)) if article else 0,
    )


def figures(results: Iterable[Measured]) -> dict[str, dict[str, float]]:
    """Return the figures of each form."""
    by_form: dict[str, list[Measured]] = defaultdict(list)
    for each in results:
        by_form[each.form].append(each)
    return {form: _figures(its) for form, its in by_form.items()}


def _figures(results: list[Measured]) -> dict[str, float]:
    of_stories = [each.teasers.f1 for each in results if each.sheet.stories]
    body = sum(each.body for each in results)
    return {
        "teasers_micro": reduce(Tally.plus, [each.teasers for each in results]).f1,
        "teasers_macro": sum(of_stories) / len(of_stories),
        "body": body / len(results),
        "body_of_html": body / sum(each.html_body for each in results),
        "headline": sum(each.headline for each in results) / len(results),
        "authors_exact": sum(each.authors for each in results) / len(results),
        "repeats_emitted": float(sum(each.repeats for each in results)),
        "teasers_in_body": float(sum(each.in_body for each in results)),
    }


def details(results: list[Measured]) -> dict[str, Any]:
    """Return F1 of the teasers by kind and, over all forms, by language, and the worst pages, in their worst form."""
    with_kinds = [tally for each in results if each.form == WITH_KINDS for tally in each.kinds.items()]
    with_stories = [each for each in results if each.sheet.stories]
    by_page: dict[str, float] = {}
    for each in with_stories:
        by_page[each.sheet.name] = min(by_page.get(each.sheet.name, 1.0), each.teasers.f1)
    return {
        "by_kind": f1_by(with_kinds),
        "by_language": f1_by((each.sheet.language, each.teasers) for each in with_stories),
        "worst": worst(by_page.items()),
    }


def main() -> None:
    """Print the figures as JSON; ``--json`` writes them to a file too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    arguments = parser.parse_args()
    pages = sheets()
    results = measured(pages)
    counted = {"pages": len(pages), "languages": len({sheet.language for sheet in pages})}
    text = json.dumps(counted | figures(results) | details(results), indent=2, ensure_ascii=False)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
