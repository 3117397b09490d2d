from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b

import pytest

from worker.identity import article_story, event_id, page_id, story_id, story_key, teaser_id

SITE = "example.com"
URL = "https://www.example.com/news/a-story"
HEADLINE = "A headline of some words"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_an_address_names_the_story_whatever_the_headline():
    """One story under two headlines, picture link or headline link, has one key."""
    assert story_key(URL, HEADLINE, SITE) == story_key(URL, "Another headline here", SITE)
    assert story_key(URL, HEADLINE, SITE) == story_key("http://m.example.com/news/a-story?utm_source=x", None, SITE)


def test_one_headline_at_two_addresses_is_two_stories():
    """Yearly headlines come back; their addresses tell them apart."""
    assert story_key(URL, HEADLINE, SITE) != story_key(URL + "-2", HEADLINE, SITE)


def test_without_address_the_headline_names_the_story_within_its_site():
    """Folded headlines are compared, and only within one site."""
    assert story_key(None, HEADLINE, SITE) == story_key(None, "“A Headline of some words”", SITE)
    assert story_key(None, HEADLINE, SITE) != story_key(None, HEADLINE, "other.example")


@pytest.mark.parametrize("headline", [None, "", "Opinion", "スポーツ"])
def test_without_address_a_label_names_nothing(headline):
    """What is too short to be an identity has none."""
    assert story_key(None, headline, SITE) is None


def test_an_unusable_address_leaves_the_headline():
    """A link that leads nowhere does not take a story's identity away."""
    assert story_key(None, HEADLINE, SITE) == story_key("javascript:void(0)", HEADLINE, SITE)


def test_a_headline_can_not_be_taken_for_an_address():
    """A text that looks like an address and a site has another key than the address."""
    assert story_key("https://example.com/a b", None, SITE) != story_key(None, "/a b", SITE)


def test_a_canonical_address_counts_on_its_own_site():
    """Half of all syndicated pages name another publisher's page: it gives no id here."""
    own = article_story(URL, "https://example.com/canonical", HEADLINE, SITE)
    foreign = article_story(URL, "https://other.example/canonical", HEADLINE, SITE)

    assert story_key("https://example.com/canonical", None, SITE) == own
    assert story_key(URL, None, SITE) == foreign


def test_a_canonical_front_page_is_a_mistake_on_a_story():
    """A template that calls every page the front page would merge all stories of its site."""
    assert story_key(URL, None, SITE) == article_story(URL, "https://example.com/", HEADLINE, SITE)
    assert "example.com" == article_story("https://www.example.com/", "https://example.com/", HEADLINE, SITE)


def test_a_page_without_address_takes_no_canonical_one():
    """The site of such a page is its source, and a canonical address is never on it."""
    assert story_key(None, HEADLINE, "text:a") == article_story(None, URL, HEADLINE, "text:a")


def test_a_story_on_two_sites_has_one_story_id_and_two_teaser_ids():
    """Each site's pointer is its own; the story pointed to is one."""
    story = story_id(str(story_key(URL, HEADLINE, SITE)))

    assert story == story_id(str(story_key(URL, HEADLINE, "other.example")))
    assert teaser_id(SITE, story) != teaser_id("other.example", story)


def test_a_teaser_points_to_the_article_by_its_id():
    """The ``story_id`` of a link equals the ``article_id`` of the page that it leads to."""
    article = article_story(URL, None, HEADLINE, SITE)

    assert article == story_key("https://m.example.com/news/a-story/amp#x", None, "other.example")


def test_ids_are_digests_of_tag_and_parts():
    """The recipe is a contract: anyone may make the ids again."""
    digest = blake2b(b"teaser\x1fexample.com\x1fabc", digest_size=16).hexdigest()

    assert digest == teaser_id("example.com", "abc")


def test_a_page_id_is_made_of_address_time_and_bytes():
    """Another fetch or another byte is another page; another time zone is the same time."""
    same = page_id(URL, AT.astimezone(timezone(timedelta(hours=7))), b"x")
    others = {page_id(URL, AT, b"y"), page_id(URL, None, b"x"), page_id(None, AT, b"x"), page_id(URL, AT, b"x")}

    assert page_id(URL, AT, b"x") == same
    assert 4 == len(others)


def test_an_event_id_differs_by_type_record_and_page():
    """A page makes at most one event of a record, so these three name it."""
    ids = {
        event_id("teaser", "a", "p"),
        event_id("article", "a", "p"),
        event_id("teaser", "b", "p"),
        event_id("teaser", "a", "q"),
    }

    assert 4 == len(ids)


def test_ids_do_not_depend_on_the_process():
    """These ids were made by another process on another day: a change of them is a change of contract."""
    story = story_id("example.com/news/a-story")

    assert "1960d0858a407a55ed561b4faabed082" == story
    assert "e785f40f32d3e7b6a73164d8cab91426" == teaser_id(SITE, story)
    assert "fc6d3ffc8293fa6228c1ea4c7048cfac" == page_id(URL, AT, b"x")
    assert "3c58ad4c4e6016fc10a6c70c5e5426e2" == event_id("teaser", "a", "p")
