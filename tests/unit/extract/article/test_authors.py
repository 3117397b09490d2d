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
