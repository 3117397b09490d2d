from datetime import UTC, datetime

import pytest

from schemas import Counts, Reason, TeaserKind
from worker.extract.items import Form, FoundItem
from worker.extract.limits import Limits
from worker.extract.merge import Merged, merge
from worker.identity import story_key

SITE = "paper.example"
URL = "https://paper.example/news/ferry-goes-electric-1"


def card(place: int, **fields: object) -> FoundItem:
    return FoundItem(Form.LINKED_CARD, place, **({"url": URL, "headline": "A ferry goes electric"} | fields))


def merged(*items: FoundItem, own: frozenset[str] = frozenset(), limits: Limits | None = None) -> Merged:
    return merge(items, site=SITE, own_keys=own, limits=limits or Limits())


def test_a_picture_link_and_a_headline_link_are_one_teaser():
    """Two links to one story come to one teaser with the fields of both."""
    result = merged(card(1, headline=None, image="https://paper.example/i.jpg"), card(2, lead="It sails in spring."))

    assert [("A ferry goes electric", "It sails in spring.", "https://paper.example/i.jpg")] == [
        (each.headline, each.lead, each.image) for each in result.teasers
    ]
    assert [Reason.REPEAT_IN_PAGE] == [item.reason for item in result.settled]


def test_tracking_and_fragments_make_no_other_story():
    """Variants of an address that name the same story are one teaser; the first address is kept as printed."""
    result = merged(card(1, url=f"{URL}?utm_source=home"), card(2, url=f"{URL}#comments"))

    assert [f"{URL}?utm_source=home"] == [each.url for each in result.teasers]


def test_one_headline_on_two_addresses_is_two_stories():
    """A yearly headline stands over another story each year: the address decides."""
    result = merged(card(1), card(2, url=f"{URL}-2"))

    assert 2 == len(result.teasers)


def test_an_item_without_address_joins_the_card_of_its_headline():
    """Text of a headline alone, beside a card with the same one, is that card's repeat."""
    result = merged(card(2), FoundItem(Form.TEXT_GROUP, 1, headline="A FERRY goes electric!", lead="It sails."))

    assert [(URL, "A ferry goes electric", "It sails.")] == [(t.url, t.headline, t.lead) for t in result.teasers]


def test_a_filled_field_beats_an_empty_one_and_a_richer_form_a_poorer():
    """Field by field: linked card before text group, complete before cut, then the earlier on the page."""
    result = merged(
        FoundItem(Form.TEXT_GROUP, 1, headline="A ferry goes electric", lead="From the text.", authors=("Ann Lee",)),
        card(2, lead="Cut short …"),
        card(3, lead="Whole and first.", authors=("Bob Ray",)),
        card(4, lead="Whole and second.", authors=("Cid Diaz",)),
    )

    (teaser,) = result.teasers
    assert ("Whole and first.", ("Bob Ray",)) == (teaser.lead, teaser.authors)


def test_name_lists_are_never_united():
    """The names of the better sighting are the names."""
    (teaser,) = merged(card(1, authors=("Ann Lee",)), card(2, authors=("Bob Ray", "Ann Lee"))).teasers

    assert ("Ann Lee",) == teaser.authors


@pytest.mark.parametrize(
    "short", ["The first ship sails in", "The first ship sails in …", "THE FIRST ship sails in..."]
)
def test_of_two_leads_with_one_head_the_longer_wins(short):
    """A lead that was cut is replaced by the one that goes on, wherever it stands; that is no conflict."""
    whole = "The first ship sails in spring, says the line."

    for items in ((card(1, lead=short), card(2, lead=whole)), (card(1, lead=whole), card(2, lead=short))):
        result = merged(*items)
        assert (whole, ()) == (result.teasers[0].lead, result.flags)


def test_leads_that_contradict_each_other_are_flagged():
    """Of two different leads the first is kept, and the page is flagged."""
    result = merged(card(1, lead="It sails in spring."), card(2, lead="It stays in harbour."))

    assert ("It sails in spring.", ("lead_conflict",)) == (result.teasers[0].lead, result.flags)


def test_the_kind_is_the_first_in_rank_and_brings_its_heading():
    """A story in a popular and a related block is related, under the related block's heading."""
    (teaser,) = merged(
        card(1, kind=TeaserKind.POPULAR, heading="Most read"), card(2, kind=TeaserKind.RELATED, heading="More on this")
    ).teasers

    assert (TeaserKind.RELATED, "More on this") == (teaser.kind, teaser.heading)


def test_positions_are_those_of_first_sight():
    """A repeat moves no teaser."""
    result = merged(card(1), card(2, url=f"{URL}2"), card(3, url=f"{URL}3"), card(4))

    assert [(1, URL), (2, f"{URL}2"), (3, f"{URL}3")] == [(each.position, each.url) for each in result.teasers]


def test_ranks_tell_form_and_completeness():
    """Each field that may be enriched has 0 where it is empty, else twice the form, and one more when complete."""
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    (teaser,) = merged(card(1, lead="Cut…", image="https://paper.example/i.jpg", published_at=at)).teasers
    (text,) = merged(
        FoundItem(Form.TEXT_GROUP, 1, headline="A ferry goes electric", cut=frozenset({"headline"}))
    ).teasers

    assert (7, 0, 6, 0, 0, 7, 7) == teaser.ranks
    assert (4, 0, 0, 0, 0, 0, 0) == text.ranks


def test_links_of_the_page_to_itself_are_dropped():
    """An item that points to the page's own story is no teaser."""
    own = frozenset({story_key(URL, None, SITE)})

    result = merged(card(1, url=f"{URL}#top"), card(2, url=f"{URL}2"), own=own)

    assert [Reason.SELF_LINK] == [item.reason for item in result.settled]
    assert [f"{URL}2"] == [teaser.url for teaser in result.teasers]


@pytest.mark.parametrize("headline", [None, "Video", "Related news", "Share", "12 comments"])
def test_an_item_without_address_and_without_a_headline_has_no_identity(headline):
    """A label is no headline: such an item is rejected, not guessed at."""
    result = merged(FoundItem(Form.TEXT_GROUP, 1, headline=headline))

    assert [Reason.NO_IDENTITY] == [item.reason for item in result.settled]


def test_what_the_finder_has_settled_stays_settled():
    """An item that the finder calls boilerplate is counted as that and goes no further."""
    result = merged(card(1, settled_as=Reason.BOILERPLATE), card(2))

    assert [Reason.BOILERPLATE] == [item.reason for item in result.settled]
    assert 1 == len(result.teasers)


def test_more_teasers_than_are_kept_are_left_out_and_flagged():
    """The first ones are kept; those over the limit are not counted as found."""
    result = merged(*(card(n, url=f"{URL}{n}") for n in range(5)), limits=Limits(max_teasers=3))

    assert (3, 3, ("teasers_cut",)) == (len(result.teasers), result.found, result.flags)


def test_totals_add_up():
    """The article counts as one item, and every item has one fate."""
    result = merged(
        card(1),
        card(2),
        card(3, url=f"{URL}3", settled_as=Reason.SELF_LINK),
        FoundItem(Form.TEXT_GROUP, 4, headline="Video"),
        FoundItem(Form.ORPHAN, 5, headline="A ferry goes electric"),
    )

    assert Counts(found=6, merged_in_page=2, dropped=1, rejected=1) == result.counts(articles=1)


def test_ids_are_those_of_the_story_and_the_site():
    """The same address on another site is the same story and another teaser."""
    (here,) = merged(card(1)).teasers
    (there,) = merge([card(1)], site="other.example", own_keys=frozenset()).teasers

    assert here.story_id == there.story_id
    assert here.teaser_id != there.teaser_id
