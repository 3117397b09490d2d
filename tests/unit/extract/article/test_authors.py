import pytest

from worker.extract.article.authors import authors
from worker.extract.document import Document
from worker.extract.metadata import read_metadata


def authors_of(html, *names):
    document = Document(html)
    return authors(document, read_metadata(document), frozenset(names))


def json_ld(author):
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{author}}}</script>'


def test_a_person_in_json_ld_is_the_author():
    """A person named by JSON-LD is the author."""
    assert (("Ida Holm",), "jsonld") == authors_of(json_ld('{"@type":"Person","name":"Ida Holm"}'))


def test_a_reporter_in_the_text_is_before_the_house():
    """Where the metadata names only the house, the byline's reporter is the author."""
    page = json_ld('{"name":"Harbour Post"}') + '<span class="byline">By Ida Holm</span>'

    assert (("Ida Holm",), "markup") == authors_of(page, "harbourpost")


def test_a_house_named_as_author_is_last():
    """An organisation that JSON-LD names as the author stands where nobody else is named."""
    assert (("Harbour Post",), "jsonld") == authors_of(json_ld('{"name":"Harbour Post"}'), "harbourpost")


def test_an_address_is_no_author():
    """A profile's address is no name."""
    assert authors_of('<meta property="article:author" content="https://social.example/ida">') is None


def test_a_reference_is_followed():
    """An author given by its id is looked up among the page's objects."""
    page = json_ld('{"@id":"#p"}') + '<script type="application/ld+json">{"@id":"#p","name":"Ida Holm"}</script>'

    assert (("Ida Holm",), "jsonld") == authors_of(page)


@pytest.mark.parametrize(
    "name", ["storyAuthorName", "authors__list-item", "metaInfoAuthorList-item", "article-byline", "autor"]
)
def test_templates_name_the_byline_in_many_ways(name):
    """Words of class names are read in camel case, with joints and in the languages of Europe."""
    page = f'<h1>The ferry sails again</h1><ul><li class="{name}">By Ida Holm</li></ul>'

    assert (("Ida Holm",), "markup") == authors_of(page)


def test_the_innermost_elements_of_a_byline_have_the_names():
    """Each author has an element of their own; what else the byline has around them is no name."""
    page = (
        '<h1>The ferry sails again</h1><div class="byline"><a class="author">Ida Holm</a>'
        '<a class="author">Per Lund</a><a class="author-link">Follow</a></div>'
    )

    assert (("Ida Holm", "Per Lund"), "markup") == authors_of(page)


def test_a_byline_above_the_headline_is_another_story_s():
    """The first byline after the headline counts."""
    page = '<p class="author">Per Lund</p><h1>The ferry sails again</h1><p class="author">Ida Holm</p>'

    assert (("Ida Holm",), "markup") == authors_of(page)


def test_who_comments_is_no_author():
    """The author of a comment did not write the article."""
    page = '<h1>The ferry sails again</h1><p>It left at noon.</p><span class="comment-author">Per Lund</span>'

    assert authors_of(page) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ida Holm", (("Ida Holm",), "text")),
        ("Von Ida Holm und Per Lund", (("Ida Holm", "Per Lund"), "text")),
        ("By the river", None),
        ("Ida Holm", None),
    ],
)
def test_a_line_under_the_headline_can_be_the_byline(line, expected):
    """It is where it opens as one and names people in full."""
    assert expected == authors_of(f"<h1>The ferry sails again</h1><div>{line}</div><p>It left at noon.</p>")


def test_a_line_below_the_prose_is_no_byline():
    """What stands below the first paragraph is about something else."""
    prose = "The harbour master said that the planks of the new pier had been laid by hand, one after the other. " * 2

    assert authors_of(f"<h1>The ferry sails again</h1><p>{prose}</p><div>By Ida Holm</div>") is None


def test_two_letters_are_a_name_where_scripts_are_wide():
    """A name of two characters is whole in Chinese, Japanese or Korean, and an abbreviation elsewhere."""
    assert (("李明",), "jsonld") == authors_of(json_ld('{"@type":"Person","name":"李明"}'))


MICRODATA = '<div itemscope itemtype="https://schema.org/Article"><h1>New pier opens</h1>{}</div>'


def test_a_person_in_microdata_is_the_author():
    """Where JSON-LD has no article, the one in microdata names the author."""
    page = MICRODATA.format("<p itemprop=author itemscope>By <b itemprop=name>Ida Holm</b>, in the harbour</p>")

    assert (("Ida Holm",), "microdata") == authors_of(page)


def test_a_meta_element_is_before_microdata():
    """Microdata is what the template prints, in capitals perhaps."""
    page = MICRODATA.format("<b itemprop=author>IDA HOLM</b>") + '<meta name="author" content="Ida Holm">'

    assert (("Ida Holm",), "meta") == authors_of(page)


def test_a_house_in_microdata_is_no_author():
    """Templates fill in the house where the newsroom named nobody."""
    assert authors_of(MICRODATA.format('<meta itemprop="author" content="Harbour Post">'), "harbourpost") is None
