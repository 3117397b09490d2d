from schemas import Article, Provenance, Teaser, decode, encode, trusted
from tests.split_pages import article, page, teaser
from worker.dedupe.events import ToldArticle, ToldTeaser, events

PAGE = page(teaser("a", authors=("A",), lead="A lead."), told=article())


def test_an_unchecked_event_is_the_checked_one():
    """Built without checks, an event equals the record that its own bytes make, and is as frozen."""
    told = ToldArticle(PAGE.article, "new", 1, None), ToldTeaser(PAGE.teasers[0], "enriched", 2, ("lead",))

    for event, record in zip(events(PAGE, told), (Article, Teaser), strict=True):
        assert event == decode(record, encode(event)) == record.model_validate(event.model_dump())
        assert record.model_fields.keys() == event.model_fields_set
        assert encode(event) == encode(decode(record, encode(event)))
        assert {"status": "x"} | event.model_dump(exclude={"status"}) == event.model_copy(
            update={"status": "x"}
        ).model_dump()


def test_events_of_a_page_share_what_they_share():
    """Where they come from is made once a page."""
    one, other = events(PAGE, [ToldTeaser(PAGE.teasers[0], "new", 1, ())] * 2)

    assert one.provenance is other.provenance
    assert one.found_on is other.found_on


def test_a_trusted_record_is_a_record():
    """It prints, copies and compares as one that was checked."""
    checked = Provenance(page_id="ab" * 16, extractor_version="1", identity_version="2")
    made = trusted(Provenance, dict(checked))

    assert checked == made
    assert (repr(checked), hash(checked)) == (repr(made), hash(made))
