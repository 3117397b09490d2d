"""Flattened pages, measured: ``python -m benchmarks.flattened [--json FILE]``.

The dev pages with labels are written as plain lines at evaluation time, in the form in which pages without markup
arrive, and nothing of them is kept. Truth is known from the labels of the HTML. Four forms of each page: with
headings, without, without blank lines, and with bare bars only. Items have no address, so a story is its headline.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.corpora import CORPORA, page_of, require, truths
from schemas import RawPage, SplitPage
from worker.extract import PageError, split_page
from worker.identity import fold, is_identifying

OPTIONAL = ("sponsored", "other")
"""Kinds that count neither as hit nor as miss, as for the HTML pages."""


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
                    found.setdefault(key, set()).add(block["kind"])
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
        language=(truth.get("lang") or "und")[:2],
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


@dataclass
class Tally:
    """Hits, false alarms and misses."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """Their F1; 1 where there was nothing to find and nothing was found."""
        return 2 * self.hits / total if (total := 2 * self.hits + self.false + self.missed) else 1.0


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
    shared = (have & want).total()
    return 2 * shared / both if (both := have.total() + want.total()) else 1.0


def teaser_tally(page: SplitPage | None, stories: dict[str, set[str]]) -> Tally:
    """Return hits, false alarms and misses among the stories that must be found."""
    made = {fold(teaser.headline or "") for teaser in page.teasers} if page else set()
    mandatory = {key for key, kinds in stories.items() if not kinds <= set(OPTIONAL)}
    return Tally(len(made & mandatory), len(made - set(stories)), len(mandatory - made))


def measured(pages: list[Sheet]) -> dict[str, Any]:
    """Return the figures of each form, and of the HTML pages where they can be compared."""
    html_body = [body_f1(split_or_none(sheet.html), sheet.paragraphs) for sheet in pages]
    figures: dict[str, Any] = {
        "pages": len(pages),
        "languages": len({sheet.language for sheet in pages}),
        "html": {"body": round(sum(html_body) / len(pages), 4)},
    }
    for name, form in FORMS.items():
        figures[name] = _figures(pages, form)
        figures[name]["body_of_html"] = round(figures[name]["body"] / figures["html"]["body"], 4)
    return figures


def _figures(pages: list[Sheet], form: Callable[[Sheet], str]) -> dict[str, Any]:
    total, by_page = Tally(), {}
    headline = authors = body = repeats = leaks = 0.0
    for sheet in pages:
        page = split_or_none(RawPage(body=form(sheet), content_type="text/plain", source="corpus"))
        article = page.article if page else None
        tally = teaser_tally(page, sheet.stories)
        total = Tally(total.hits + tally.hits, total.false + tally.false, total.missed + tally.missed)
        if sheet.stories:
            by_page[sheet.name] = round(tally.f1, 3)
        headline += article is not None and article.headline == sheet.headline
        authors += article is not None and {*map(fold, article.authors)} == {*map(fold, sheet.authors)}
        body += body_f1(page, sheet.paragraphs)
        made = [fold(teaser.headline or "") for teaser in page.teasers] if page else []
        repeats += len(made) - len(set(made))
        leaks += len({fold(block.text) for block in article.body} & set(made)) if article else 0
    return {
        "teasers_micro": round(total.f1, 4),
        "teasers_macro": round(sum(by_page.values()) / max(len(by_page), 1), 4),
        "headline": round(headline / len(pages), 4),
        "authors_exact": round(authors / len(pages), 4),
        "body": round(body / len(pages), 4),
        "repeats_emitted": int(repeats),
        "teasers_in_body": int(leaks),
        "worst": sorted(by_page.items(), key=lambda pair: pair[1])[:10],
    }


def main() -> None:
    """Print the figures as JSON; ``--json`` writes them to a file too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    arguments = parser.parse_args()
    text = json.dumps(measured(sheets()), indent=2, ensure_ascii=False)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
