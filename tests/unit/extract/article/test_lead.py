"""The lead is told from the body where the page sets it apart."""

import pytest

from tests.unit.extract.article.page_of import LEAD, PARAGRAPHS, split

DESCRIBED = f'<meta name="description" content="{LEAD}">'


@pytest.mark.parametrize(
    ("inside", "head"),
    [
        (f'<p class="article__standfirst">{LEAD}</p>', ""),
        (f'<div class="chapo"><p>{LEAD}</p></div>', ""),
        (f'<p itemprop="description">{LEAD}</p>', ""),
        (f"<p><strong>{LEAD}</strong></p>", ""),
        (f"<p>{LEAD}</p>", DESCRIBED),
    ],
)
def test_a_paragraph_set_apart_is_the_lead(inside, head):
    """By its name, its type or as the page's own summary it is the lead, and the body begins after it."""
    article = split(inside, head).article

    assert (LEAD, PARAGRAPHS) == (article.lead, [block.text for block in article.body])


@pytest.mark.parametrize(
    "inside",
    [
        f"<p>{LEAD}</p>",
        f'<div class="intro-and-body"><p>{LEAD}</p><p>{PARAGRAPHS[0]}</p></div>',
        f"<p><b>Harbour.</b> {LEAD}</p>",
    ],
)
def test_a_first_paragraph_like_the_others_stays_in_the_body(inside):
    """Nothing is guessed: a paragraph that nothing sets apart is body."""
    article = split(inside).article

    assert article.lead is None
    assert LEAD in article.body[0].text


def test_a_lone_paragraph_is_the_body():
    """An article of one paragraph has a body and no lead."""
    text = " ".join(PARAGRAPHS)
    page = split(f'<p class="lead">{LEAD}</p>').article
    alone = split("", f'<meta name="description" content="{text}">').article

    assert (LEAD, None) == (page.lead, alone.lead)
