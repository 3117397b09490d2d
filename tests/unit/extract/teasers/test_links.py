"""Which links may lead to stories."""

from tests.unit.extract.teasers.page_of import page
from worker.extract.document import Document
from worker.extract.teasers.links import MAX_LINKS, story_links


def test_an_archive_without_end_is_read_up_to_a_bound():
    """Of more links than any page of people has, the first are looked at and no other."""
    links = [f"<a href='/news/boat-{n}-leaves'>Boat {n} leaves the harbour</a>" for n in range(MAX_LINKS + 9)]

    found = story_links(Document("".join(links)), page())

    assert MAX_LINKS == len(found)
    assert found[0].element < found[-1].element


def test_a_phrase_of_the_prose_is_no_link_to_a_story():
    """A link whose sentence goes on is left where it stands; the same link by itself is taken."""
    link = "<a href='/news/old-crane-is-moved-48213303'>the old crane is moved</a>"

    in_prose = story_links(Document(f"<p>In the harbour, {link}, as the master said on Monday morning.</p>"), page())
    alone = story_links(Document(f"<li>{link}</li>"), page())

    assert (0, 1) == (len(in_prose), len(alone))


def test_a_paragraph_that_is_linked_whole_is_prose():
    """A link as long as a paragraph is no headline in a paragraph, and one where it is a card."""
    link = f"<a href='/news/old-crane-is-moved-48213303'>{'The old crane is moved across the bay. ' * 6}</a>"

    in_prose = story_links(Document(f"<p>{link}</p>"), page())
    card = story_links(Document(f"<div>{link}</div>"), page())

    assert (0, 1) == (len(in_prose), len(card))


def test_a_source_named_beside_another_is_prose():
    """Of "with reports from A and B" neither link is a pointer to a story."""
    links = [f"<a href='/news/report-of-the-{name}-48213303'>The {name}</a>" for name in ("Tide", "Anchor")]

    assert [] == story_links(Document(f"<p>With reports from {links[0]} and {links[1]}</p>"), page())[1:]
