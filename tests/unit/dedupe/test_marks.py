import pytest

from schemas import TeaserKind, decode, encode
from schemas.split_page import SplitPage
from tests.split_pages import SETTINGS, article, page, teaser
from worker.dedupe import MalformedId, decide, marks_of

SHOWN = (
    teaser("a", lead="A lead."),
    teaser("b", url=None, headline="A headline of several words"),
    teaser("c", kind=TeaserKind.SPONSORED),
)


def carrying(taken):
    """Return the page as the split sends it."""
    return decode(SplitPage, encode(taken.model_copy(update={"marks": marks_of(taken)})))


def test_carried_marks_decide_as_the_items_do(run):
    """Whether the split made the marks or nobody did, a page's outcome is the same, new or known."""
    taken = page(*SHOWN, told=article())
    first = decide(carrying(taken), run.state, settings=SETTINGS)

    assert run.take(taken) == first._replace(page=taken)
    other = page(*SHOWN, told=article(), name="other")
    assert ["recrawl_same", "repeat_url", "repeat_headline", "sponsored"] == [
        str(reason) for reason in decide(carrying(other), run.state, settings=SETTINGS).reasons
    ]


@pytest.mark.parametrize("marks", ["", "AAAA", "no base64 at all", marks_of(page(*SHOWN[:2])), "é"])
def test_marks_of_other_teasers_are_refused(run, marks):
    """Marks that are not of so many teasers would damage the state: the page is not taken."""
    with pytest.raises(MalformedId):
        decide(page(*SHOWN).model_copy(update={"marks": marks}), run.state, settings=SETTINGS)


def test_an_exact_repeat_has_the_same_mark():
    """What differs only in block, place or address makes no other digest; another lead does."""
    (mark,) = {marks_of(page(teaser("a", position=n, url=f"https://example.com/a?{n}"))) for n in (1, 2)}

    assert mark != marks_of(page(teaser("a", lead="A lead.")))
