from tests.split_pages import SETTINGS, Run, at, page, teaser
from worker.cli.explain import told
from worker.dedupe import MemoryState, page_decisions
from worker.dedupe.history import histories, sights


def test_a_history_is_told_line_by_line():
    """Who asks learns the story, each sight with its reason and page, and the end."""
    run = Run(MemoryState(SETTINGS))
    pages = [
        page(teaser("b"), teaser("a"), name="first"),
        page(teaser("a", lead="A lead."), name="second", fetched=at(hours=1)),
    ]
    wanted = pages[0].teasers[1]
    found = sights([page_decisions(run.take(taken), run.state) for taken in pages], frozenset({wanted.teaser_id}))
    (history,) = histories(found, SETTINGS)

    assert [
        f"teaser {wanted.teaser_id} on example.com: The story of a",
        f"  story {wanted.story_id}  https://example.com/a",
        "  2026-03-01 00:00:00Z  emitted: new revision 1  on https://example.com/first at 2",
        "  2026-03-01 01:00:00Z  emitted: enriched (lead) revision 2  on https://example.com/second at 1",
        "  known until 2026-03-08 00:00:00Z of stream time, unless it is seen again",
    ] == list(told(history))


def test_a_late_beginning_is_said():
    """Where the decisions do not hold the first sight, no end is claimed."""
    run = Run(MemoryState(SETTINGS))
    pages = [page(teaser("a"), name=name) for name in ("first", "second")]
    decided = [page_decisions(run.take(taken), run.state) for taken in pages]
    (history,) = histories(sights(decided[1:], frozenset({pages[0].teasers[0].story_id})), SETTINGS)

    assert "  its first sight lies before these decisions" == list(told(history))[-1]
