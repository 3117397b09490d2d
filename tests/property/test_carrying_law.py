from zlib import crc32

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.split_pages import SITE, Run, article, at, page, teaser
from worker.dedupe import DedupeSettings, MemoryState
from worker.dedupe.carrying import carried

LASTING = DedupeSettings.of_hours(24, 72, ())
RETAINED_HOURS = 48
SITES = (SITE, "b.example", "c.example", "d.example", "e.example")


@st.composite
def pages(draw, hours):
    site = draw(st.sampled_from(SITES))
    names = draw(st.lists(st.sampled_from("abcdef"), max_size=4, unique=True))
    lead = draw(st.sampled_from([None, "A lead."]))
    # Sites tell stories of their own, as canonical addresses of another site give no id.
    told = draw(st.none() | st.builds(article, st.sampled_from([f"{site}/x", f"{site}/y"]), st.sampled_from("12")))
    name = str(draw(st.integers(0, 10**9)))
    items = (teaser(one, site=site, lead=lead) for one in names)
    return page(*items, told=told, site=site, name=name, fetched=at(hours=draw(hours)))


def by_time(drawn):
    return sorted(drawn, key=lambda one: one.fetched_at)


def partition(one, count):
    return crc32(one.site.encode()) % count


def over(count, taken):
    """Return the runs of so many partitions after the pages; clocks of all partitions agree in the end."""
    runs = [Run(MemoryState(LASTING), LASTING) for _ in range(count)]
    for one in taken:
        runs[partition(one, count)].take(one)
    return runs


@settings(max_examples=60, deadline=None)
@given(
    st.lists(pages(st.floats(0, 96)), max_size=20).map(by_time),
    st.lists(pages(st.floats(98, 110)), max_size=12).map(by_time),
)
def test_another_number_of_partitions_decides_as_the_former_one(before, after):
    """Carried over from three partitions to five, each site meets the decisions it would have met."""
    ticks = [page(name=f"tick {site}", site=site, fetched=at(hours=97)) for site in SITES]
    former = over(3, before + ticks)
    now = [Run(MemoryState(LASTING), LASTING) for _ in range(5)]
    retained = [one for one in before + ticks if one.fetched_at >= at(hours=97 - RETAINED_HOURS)]
    for one in reversed(retained):
        now[partition(one, 5)].state.apply(carried(one, former[partition(one, 3)].state))

    for one in after:
        expected, revisions = former[partition(one, 3)].told(one)
        outcome, carried_revisions = now[partition(one, 5)].told(one)
        assert (expected.reasons, revisions) == (outcome.reasons, carried_revisions)
        assert (expected.article, expected.teasers) == (outcome.article, outcome.teasers)
