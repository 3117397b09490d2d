"""The laws of deduplication over real pages, each as part of its publisher's stream."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.corpora import ARTICLES, CORPORA, page_of, truths
from schemas import ENRICHABLE
from tests.leaving_out import needs
from tests.split_pages import SETTINGS, Run, shown
from worker.dedupe import MemoryState, marks_of
from worker.extract import PageError, split_page

pytestmark = needs(CORPORA.exists(), "../shared/corpora is not beside the checkout")

PAGES_A_CORPUS = 25
"""Splitting all would take longer than all other checks; `benchmarks.dedupe_pages` does that."""

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
LAW = settings(max_examples=12, deadline=None)
ORDERS = st.randoms(use_true_random=False)


@cache
def pages():
    """Return the pages that can be split, a minute apart, with the marks that the split gives them."""
    found = []
    for corpus in ARTICLES:
        for truth in islice(truths(corpus), PAGES_A_CORPUS):
            raw = page_of(corpus, truth).model_copy(update={"fetched_at": BEGIN + timedelta(minutes=len(found))})
            try:
                page = split_page(raw)
            except PageError:
                continue
            found.append(page.model_copy(update={"marks": marks_of(page)}))
    return found


def shuffled(chance):
    """Return the pages in another order, some delivered twice, some fetched again under another id."""
    taken = chance.choices(pages(), k=20) + pages()
    again = [page.model_copy(update={"page_id": f"{n:032x}"}) for n, page in enumerate(chance.choices(pages(), k=20))]
    return chance.sample(taken + again, len(taken + again))


def run_over(taken):
    run = Run(MemoryState(SETTINGS))
    return [run.take(page) for page in taken]


@LAW
@given(ORDERS)
def test_every_item_of_a_real_page_is_accounted_for(chance):
    """What was found is what was emitted, merged, dropped and rejected, whatever came before the page."""
    taken = shuffled(chance)

    for page, outcome in zip(taken, run_over(taken), strict=True):
        counts, by_decision = outcome.counts, Counter(str(one.decision) for one in outcome.decided.elements())
        assert page.counts.found == counts.emitted + counts.merged_in_page + counts.dropped + counts.rejected
        assert (counts.emitted, counts.merged_in_page, counts.dropped, counts.rejected) == tuple(
            by_decision[name] for name in ("emitted", "merged_in_page", "dropped", "rejected")
        )
        assert counts.emitted == len(outcome.teasers) + (outcome.article is not None)


@LAW
@given(ORDERS)
def test_real_pages_end_alike_in_any_order(chance):
    """Only fields for which two texts of one rank were shown depend on the order of the pages."""
    texts = defaultdict(set)
    for page in pages():
        for teaser in page.teasers:
            for name, rank in zip(ENRICHABLE, teaser.ranks, strict=True):
                texts[teaser.teaser_id, name, rank].add(getattr(teaser, name))
    contradicted = {(key, name) for (key, name, _), found in texts.items() if len(found) > 1}
    held, other = shown(run_over(pages())), shown(run_over(shuffled(chance)))

    assert held.keys() == other.keys()
    differing = {(key, name) for key in held for name in ENRICHABLE if held[key][name] != other[key][name]}
    assert differing <= contradicted


def test_real_pages_that_come_again_bring_nothing():
    """Fetched once more, no page makes an event."""
    run = Run(MemoryState(SETTINGS))
    for page in pages():
        run.take(page)
    again = [run.take(page.model_copy(update={"page_id": f"{n:032x}"})) for n, page in enumerate(pages())]

    assert len(pages()) > len(ARTICLES)
    assert not [outcome for outcome in again if not outcome.is_repeat]
