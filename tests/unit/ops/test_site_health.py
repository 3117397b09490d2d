import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.ops.site_health import OFF, REJECTED_PAGE, SILENT_PAGES, Signal, Signs, SiteHealth, is_story_address

SEEN_PAGES = 150
"""Within so many pages a redesign shows; `benchmarks/site_health.py` measures it on real publishers."""

USUAL = {"headline": True, "authors": True, "lead": True, "published_at": True, "images": True}


def usual(rng, *, words=600, bylines=0.9, teasers=14):
    """A page of a site as it usually is: lengths vary as they do in the corpora, some bylines are missing."""
    return Signs(
        article=rng.random() < 0.97,
        words=max(20, int(rng.lognormvariate(0, 0.8) * words)),
        fields=USUAL | {"authors": rng.random() < bylines, "lead": rng.random() < 0.5},
        teasers=max(0, int(rng.gauss(teasers, 4))),
        rejected=0.02 * rng.random(),
    )


def after(health, pages):
    for page in pages:
        health = health.seen(page)
    return health


def known(seed=1, n=600):
    """A site that is known, and the chance with which its pages go on."""
    rng = random.Random(seed)
    return after(SiteHealth(), (usual(rng) for _ in range(n))), rng


def off(health):
    return {signal for signal, drift in health.drift().items() if drift >= OFF}


REDESIGNS = {
    "bodies go empty": (lambda page: replace(page, words=0), Signal.BODY),
    "only the first paragraph is found": (lambda page: replace(page, words=35), Signal.BODY),
    "no article is found": (lambda page: replace(page, article=False, words=None, fields={}), Signal.ARTICLE),
    "the byline moves": (lambda page: replace(page, fields=page.fields | {"authors": False}), Signal.FIELDS),
    "dates vanish": (lambda page: replace(page, fields=page.fields | {"published_at": False}), Signal.FIELDS),
    "teasers vanish": (lambda page: replace(page, teasers=0), Signal.TEASERS),
    "pages are rejected": (lambda _: REJECTED_PAGE, Signal.REJECTED),
}


@pytest.mark.parametrize("redesign", REDESIGNS)
@pytest.mark.parametrize("seed", range(5))
def test_a_redesign_is_seen_within_its_pages(redesign, seed):
    """Whatever a redesign takes away, its signal goes off within `SEEN_PAGES`, and no other that is not hit."""
    change, signal = REDESIGNS[redesign]
    health, rng = known(seed)

    health = after(health, (change(usual(rng)) for _ in range(SEEN_PAGES)))

    assert signal in off(health)
    assert off(health) <= {signal, Signal.ARTICLE}


@pytest.mark.parametrize("seed", range(5))
def test_a_redesign_does_not_become_the_usual(seed):
    """A thousand pages later the signal is still off: nobody has mended it."""
    health, rng = known(seed)

    health = after(health, (replace(usual(rng), words=0) for _ in range(1_000)))

    assert off(health) == {Signal.BODY}


@pytest.mark.parametrize("seed", range(5))
def test_a_mended_site_is_well_again(seed):
    """When pages are read as before, the signal comes back."""
    health, rng = known(seed)
    health = after(health, (replace(usual(rng), words=0) for _ in range(200)))

    health = after(health, (usual(rng) for _ in range(SEEN_PAGES)))

    assert off(health) == set()


@pytest.mark.parametrize("seed", range(20))
def test_a_slow_news_day_is_not_a_redesign(seed):
    """Shorter pieces, more agency copy without bylines, fewer teasers: through 2,000 such pages nothing goes off."""
    health, rng = known(seed)

    for _ in range(2_000):
        health = health.seen(usual(rng, words=300, bylines=0.7, teasers=9))
        assert off(health) == set()


@pytest.mark.parametrize("seed", range(20))
def test_a_usual_site_never_goes_off(seed):
    """Through 5,000 usual pages chance alone sets nothing off."""
    rng, health = random.Random(seed), SiteHealth()

    for _ in range(5_000):
        health = health.seen(usual(rng))
        assert off(health) == set()


def test_a_site_with_few_teasers_is_watched_too():
    """Where a page has four teasers, their going is seen like that of forty."""
    rng = random.Random(1)
    health = after(SiteHealth(), (replace(usual(rng), teasers=rng.choice((3, 4, 5))) for _ in range(600)))

    health = after(health, (replace(usual(rng), teasers=0) for _ in range(SEEN_PAGES)))

    assert Signal.TEASERS in off(health)


def test_a_new_site_is_given_time():
    """Before enough pages are seen there is no verdict, whatever they hold."""
    health = after(SiteHealth(), [REJECTED_PAGE] * (SILENT_PAGES - 1))

    assert set(health.drift().values()) == {0.0}


def test_a_section_page_says_nothing_about_articles():
    """A night on which only front pages are crawled changes no signal but the rejected share."""
    health, _ = known()
    front = Signs(article=None, words=None, fields={}, teasers=None, rejected=0.0)

    after_night = after(health, [front] * 500)

    unchanged = ("article", "body", "fields", "teasers")
    assert [getattr(health, name) for name in unchanged] == [getattr(after_night, name) for name in unchanged]


def test_a_field_that_few_pages_have_is_not_watched():
    """A run of pages without a field that half of them lack anyway is chance."""
    health, rng = known()

    health = after(health, (replace(usual(rng), fields=USUAL | {"lead": False}) for _ in range(60)))

    assert off(health) == set()


PAGES = st.builds(
    Signs,
    article=st.none() | st.booleans(),
    words=st.none() | st.integers(0, 10_000),
    fields=st.just({}) | st.fixed_dictionaries(dict.fromkeys(USUAL, st.booleans())),
    teasers=st.none() | st.integers(0, 200),
    rejected=st.floats(0, 1),
)


@settings(deadline=None)
@given(st.lists(PAGES, max_size=20), st.integers(1, 20))
def test_drift_is_a_share(pages, times):
    """Whatever pages come, each drift stays between 0 and 1."""
    health = after(SiteHealth(), pages * times)

    assert all(0.0 <= drift <= 1.0 for drift in health.drift().values())


@pytest.mark.parametrize(
    ("url", "is_story"),
    [
        ("https://a.example/politik/kanzler-sagt-reise-ab-123456.html", True),
        ("https://a.example/2026/01/31/x", True),
        ("https://a.example/c1234567890", True),
        ("https://a.example/news/faehre_haelt_wieder_an", True),
        ("https://a.example/", False),
        ("https://a.example/sport/fussball", False),
        ("https://a.example/world-news", False),
        ("http://[bad", False),
        (None, False),
    ],
)
def test_addresses_of_stories_are_told_from_those_of_sections(url, is_story):
    """A long number, a slug of words or a date makes an address a story's."""
    assert is_story_address(url) == is_story
