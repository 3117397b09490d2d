"""Where the article stands."""

from tests.unit.extract.article.page_of import PARAGRAPHS
from worker.extract.article.root import article_root
from worker.extract.article.surroundings import Surroundings
from worker.extract.document import Document

PROSE = [f"<p>{text}</p>" for text in PARAGRAPHS]


def root_of(body, weights=None):
    document = Document(f"<html><body>{body}</body></html>")
    return document, article_root(document, Surroundings(document, weights or {}))


def root_tag(body, weights=None):
    document, root = root_of(body, weights)
    return document.tags[root.element]


def test_the_smallest_element_with_the_prose_is_the_root():
    """What is around the prose and holds nothing else is left aside."""
    assert "article" == root_tag(f"<main><article>{''.join(PROSE)}</article><ul><li>Home</li></ul></main>")


def test_a_body_in_sibling_containers_stays_whole():
    """Two halves beside each other have the element around both as their root."""
    assert "main" == root_tag(f"<main><div>{''.join(PROSE[:2])}</div><div>{''.join(PROSE[2:])}</div></main>")


def test_prose_that_is_named_as_frame_weighs_little():
    """Comments as long as the article do not move its root."""
    comments = f"<div class='comments'>{''.join(PROSE)}</div>"

    assert "article" == root_tag(f"<article>{''.join(PROSE)}</article>{comments}", {"comments": -6.0})


def test_a_thread_of_comments_is_no_root():
    """However much longer it is than what it is about."""
    thread = "".join(f"<li class='comment'>{''.join(PROSE)}</li>" for _ in range(3))
    document, root = root_of(f"<article>{''.join(PROSE[:2])}</article><ul>{thread}</ul>")

    assert ("article", True) == (document.tags[root.element], root.has_thread)


def test_a_thread_alone_is_the_root():
    """A page of nothing but comments is about them."""
    thread = "".join(f"<li class='comment'>{''.join(PROSE)}</li>" for _ in range(3))
    document, root = root_of(f"<ul>{thread}</ul>")

    assert ("ul", False) == (document.tags[root.element], root.has_thread)


def test_prose_in_an_aside_weighs_little():
    """An aside with half of the page's prose is outside the root."""
    assert "article" == root_tag(f"<article>{''.join(PROSE)}</article><aside>{''.join(PROSE[:2])}</aside>")


def test_a_page_without_prose_has_no_root():
    """Links and labels are no article."""
    _, root = root_of("<ul><li><a href='/a'>A story of the harbour, of its pier and of its ferry</a></li></ul>")

    assert root is None


def test_a_root_is_a_range():
    """It ends one past its last descendant."""
    document, root = root_of(f"<article>{''.join(PROSE)}</article>")

    assert (document.by_tag["article"][0], len(document.tags), False) == (root.element, root.end, root.has_thread)
