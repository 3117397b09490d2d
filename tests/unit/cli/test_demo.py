import io
from collections import Counter
from datetime import UTC, datetime

from rich.console import Console

from schemas import Decided, PageDecisions, Reason, encode
from worker.cli.demo_totals import PageRejected, Totals
from worker.cli.demo_view import view

AT = datetime(2026, 11, 9, tzinfo=UTC)


def decisions(*reasons, article=Reason.NEW):
    items = [Decided(record="article", headline="Fähre", decision=article.decision, reason=article)]
    items += [Decided(record="teaser", decision=reason.decision, reason=reason) for reason in reasons]
    return encode(
        PageDecisions(
            page_id="0" * 32,
            site="paper.example",
            seen_at=AT,
            stream_time=AT,
            items=tuple(items),
            extractor_version="1",
            identity_version="1",
        )
    )


REJECTED = (
    "pages.rejected.v1",
    b"https://www.paper.example/x",
    b"",
    (("rejected-reason", b"empty"), ("rejected-message", b"no letter"), ("rejected-stage", b"split")),
)


def test_each_item_of_a_page_is_told_by_what_became_of_it():
    """New, enriched, repeats, merged and left out are counted apart."""
    totals = Totals()
    reasons = (Reason.NEW, Reason.CORRECTED, Reason.REPEAT_URL, Reason.REPEAT_IN_PAGE, Reason.SPONSORED, Reason.PARTIAL)

    seen = totals.take("decisions.v1", None, decisions(*reasons, article=Reason.REVISED), ())

    assert ("revised", "Fähre") == (seen.status, seen.headline)
    assert Counter({"new": 1, "enriched": 1, "repeats": 1, "merged": 1, "left out": 1, "unusable": 1}) == seen.teasers
    assert 7 == totals.decisions.total()


def test_a_rejected_page_is_told_by_its_reason():
    """Site, reason and message come from key and headers."""
    totals = Totals()

    seen = totals.take(*REJECTED)

    assert PageRejected("paper.example", "split", "empty", "no letter") == seen
    assert (1, Counter(empty=1)) == (totals.pages, totals.rejected)


def test_events_are_counted_and_not_shown():
    """A page's decisions tell it; its events are only counted."""
    totals = Totals()

    shown = [totals.take(topic, b"k", b"{}", ()) for topic in ("articles.v1", "teasers.v1", "teasers.v1")]

    assert ([None] * 3, 3, 0) == (shown, totals.emitted, totals.pages)


def test_anything_but_a_terminal_gets_a_line_a_page():
    """Output that goes to a file holds no frame and no colour."""
    console = Console(file=io.StringIO(), width=100)
    totals = Totals()

    with view(console) as shown:
        for seen in (totals.take("decisions.v1", None, decisions(Reason.NEW), ()), totals.take(*REJECTED)):
            shown.show(seen)

    first, second = console.file.getvalue().splitlines()
    assert ("paper.example", True, False) == (first.split()[0], "Fähre  (1 new)" in first, "\x1b" in first)
    assert "empty: no letter" in second


def test_a_terminal_gets_a_table_with_totals():
    """On a terminal the last frame holds pages and totals."""
    console = Console(file=io.StringIO(), force_terminal=True, width=120, height=40)
    totals = Totals()

    with view(console) as shown:
        shown.show(totals.take("decisions.v1", None, decisions(Reason.NEW), ()))
        shown.show(totals.take(*REJECTED))
        shown.count(totals, 12.0)

    text = console.file.getvalue()
    assert all(told in text for told in ("Fähre", "no letter", "2 done, 1 of them rejected", "12 pages a second"))
