"""Captions stand apart from the body."""

from tests.unit.extract.article.page_of import PARAGRAPHS, split

FIGURE = (
    "<figure><img src='/pier.jpg'><figcaption>The pier at low tide. <span>Photo: Ida Holm</span></figcaption></figure>"
)


def test_a_caption_is_no_body():
    """The text under a picture is a caption, with its credit, and not in the body."""
    article = split(FIGURE).article

    assert ("The pier at low tide. Photo: Ida Holm",) == article.captions
    assert PARAGRAPHS == [block.text for block in article.body]


def test_a_picture_shown_twice_has_one_caption():
    """Desktop and mobile copies of a figure are one caption."""
    assert 1 == len(split(FIGURE + FIGURE).article.captions)


def test_a_caption_outside_the_article_is_not_its_own():
    """A figure of the frame says nothing of the article."""
    assert () == split("", after=f"<aside>{FIGURE}</aside>").article.captions
