import pytest

from tests.split_pages import SETTINGS, article, at, page, teaser
from worker.dedupe import page_decisions
from worker.dedupe.entries import ENTRY, KEY_BYTES
from worker.dedupe.history import histories, sights, wanted_ids


def decided(run, *pages):
    return [page_decisions(run.take(taken), run.state) for taken in pages]


def told(found, *wanted):
    return histories(sights(found, frozenset(wanted)), SETTINGS)


def test_a_teaser_tells_what_became_of_it(run):
    """First sight, enrichment, repeat: in order, with the page of each, whatever the order of reading."""
    pages = [
        page(teaser("a"), teaser("b"), name="first"),
        page(teaser("a", lead="A lead."), name="second", fetched=at(hours=30)),
        page(teaser("a"), name="third", fetched=at(hours=31)),
    ]
    (history,) = told(reversed(decided(run, *pages)), pages[0].teasers[0].teaser_id)

    assert ["new", "enriched", "repeat_url"] == [str(sight.item.reason) for sight in history.sights]
    assert [taken.page_id for taken in pages] == [sight.page.page_id for sight in history.sights]
    assert ("teaser", "example.com") == (history.record, history.site)


def test_it_tells_the_end_that_the_state_holds(run):
    """The end moves by steps, as in the state: 30 hours after the first sight, not 31."""
    pages = [page(teaser("a"), name=str(hours), fetched=at(hours=hours)) for hours in (0, 30, 31)]
    found = decided(run, *pages)
    (history,) = told(found, pages[0].teasers[0].teaser_id)
    entry = ENTRY.unpack(run.state.find(bytes.fromhex(history.id), KEY_BYTES))

    assert at(hours=30, days=7) == history.ends_at
    assert entry[2] == history.ends_at.timestamp()


def test_a_page_again_is_no_sight(run):
    """What was dropped with its whole page does not move the end."""
    taken = page(teaser("a"), name="first")
    tick = page(teaser("b"), name="tick", fetched=at(hours=23))
    (history,) = told(decided(run, taken, tick, taken), taken.teasers[0].teaser_id)

    assert ["new", "page_again"] == [str(sight.item.reason) for sight in history.sights]
    assert at(days=7) == history.ends_at


def test_a_story_shows_the_article_and_every_sites_teaser(run):
    """Asked by the story or its address, all records of it are told, the article first."""
    found = decided(
        run,
        page(teaser("a"), name="1"),
        page(teaser("a", site="b.example"), site="b.example", name="2"),
        page(told=article("a"), name="3"),
    )
    shown = told(found, *wanted_ids("http://www.example.com/a?utm_source=x"))

    assert [("article", "example.com"), ("teaser", "b.example"), ("teaser", "example.com")] == sorted(
        (history.record, history.site) for history in shown
    )
    assert "article" == shown[0].record


def test_without_the_first_sight_there_is_no_end(run):
    """Where the decisions begin later than the story, nothing is guessed."""
    pages = [page(teaser("a"), name=name) for name in ("first", "second")]
    (history,) = told(decided(run, *pages)[1:], pages[0].teasers[0].teaser_id)

    assert history.ends_at is None


@pytest.mark.parametrize("text", ["", "abc", "ftp://example.com/x", "g" * 32])
def test_what_is_neither_id_nor_address_is_refused(text):
    """The message says what to give."""
    with pytest.raises(ValueError, match="neither an id of 32 hex digits nor"):
        wanted_ids(text)


def test_an_id_is_taken_as_it_is():
    """Upper case, white space around it: still the id."""
    assert frozenset({"ab" * 16}) == wanted_ids(f" {'AB' * 16}\n")
