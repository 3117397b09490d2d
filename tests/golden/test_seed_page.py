"""The seed page and its variants, which lie beside the checkout: exact, or said to be left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas import RawPage, SplitPage
from tests.leaving_out import needs
from worker.extract import split_page

GOLDEN = Path(__file__).parents[3] / "shared" / "golden"

pytestmark = needs(GOLDEN.exists(), "../shared/golden is not beside the checkout")


def loaded(name: str) -> dict[str, Any]:
    """Return an expectation; nothing where the folder is not there."""
    path = GOLDEN / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


SEED = loaded("seed-page.expected.json")
VARIANTS = loaded("variants/expected.json").get("variants", {})


def split(name: str) -> SplitPage:
    """Return the split of a file of the folder."""
    return split_page(RawPage(body=(GOLDEN / name).read_bytes(), content_type="text/plain", source="golden"))


def shown_article(page: SplitPage) -> dict[str, Any] | None:
    """Return the article in the words of the expectation."""
    article = page.article
    if article is None:
        return None
    return {
        "title": article.headline,
        "authors": list(article.authors),
        "agency": article.agency,
        "lead": article.lead,
        "body": [block.text for block in article.body],
        "url": article.url,
        "published_at": article.published_at,
        "updated_at": article.modified_at,
        "section": article.section,
        "language": article.language,
    }


def shown_teasers(page: SplitPage) -> list[dict[str, Any]]:
    """Return the teasers in the words of the expectation."""
    return [
        {
            "position": teaser.position,
            "title": teaser.headline,
            "lead": teaser.lead,
            "authors": list(teaser.authors),
            "agency": teaser.agency,
            "url": teaser.url,
            "published_at": teaser.published_at,
        }
        for teaser in page.teasers
    ]


def wanted_article() -> dict[str, Any]:
    """Return what is expected of the seed page's article."""
    keys = ("title", "authors", "agency", "lead", "body", "url", "published_at", "updated_at", "section", "language")
    return {key: SEED["article"][key] for key in keys}


def wanted_teasers(changed: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is expected of the seed page's teasers, with what a variant changes in them."""
    keys = ("position", "title", "lead", "authors", "agency", "url", "published_at")
    return [{key: teaser[key] for key in keys} | changed.get(str(teaser["position"]), {}) for teaser in SEED["teasers"]]


def test_the_seed_page_is_exact():
    """The seed page is one article and eight teasers of one block, three repeats merged, no line left over."""
    page = split("seed-page.txt")

    assert wanted_article() == shown_article(page)
    assert wanted_teasers({}) == shown_teasers(page)
    assert (SEED["counts"]["repeats_dropped"], 0, 0) == (
        page.counts.merged_in_page,
        page.counts.dropped,
        page.counts.rejected,
    )
    assert {("related", SEED["related_block"]["heading"])} == {(each.kind.value, each.heading) for each in page.teasers}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_of_the_seed_page_is_exact(name: str):
    """A small change of the page changes what it must and nothing else."""
    variant = VARIANTS[name]

    page = split(f"variants/{name}")

    assert (wanted_article() if variant["article"] == "same" else variant["article"]) == shown_article(page)
    assert (
        wanted_teasers(variant.get("teasers_changed", {})) if variant["teasers"] == "same" else variant["teasers"]
    ) == shown_teasers(page)
    assert variant["repeats_dropped"] == page.counts.merged_in_page
    assert bool(variant.get("conflicts", 0)) == ("lead_conflict" in page.flags)


VIETNAMESE = GOLDEN.parent / "corpora" / "vietnamese"
TRUTHS = (
    [json.loads(line) for line in (VIETNAMESE / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    if VIETNAMESE.exists()
    else []
)


@pytest.mark.parametrize("truth", [each for each in TRUTHS if each["file"].endswith(".txt")], ids=lambda t: t["file"])
def test_a_stored_text_page_reads_as_labelled(truth: dict[str, Any]):
    """A real flattened page gives the labelled article and teasers; a headline cut off from its lead is held back."""
    page = split_page(RawPage(body=(VIETNAMESE / truth["file"]).read_bytes(), content_type="text/plain"))

    article = shown_article(page)
    keys = ("title", "authors", "agency", "lead", "body")
    assert ({key: truth[key] for key in keys} if truth["title"] else None) == (
        {key: article[key] for key in keys} if article else None
    )
    whole = [(each["title"], each["lead"]) for each in truth["teasers"] if each["lead"]]
    assert whole == [(teaser.headline, teaser.lead) for teaser in page.teasers]
