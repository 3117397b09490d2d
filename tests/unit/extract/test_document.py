from selectolax.lexbor import LexborHTMLParser

from worker.extract.article.lines import lines_between
from worker.extract.document import _FIRST_ELEMENT, _TEXT, Document


def lines(html):
    document = Document(html)
    return [(document.tags[line.element], line.text) for line in lines_between(document, 0, len(document.pieces))]


def test_the_parser_numbers_nodes_as_the_walk_takes_it():
    """Texts have the number two, and comments one below those of elements."""
    nodes = list(LexborHTMLParser("<!--x--><a>t</a><zz-b></zz-b>").root.traverse(include_text=True))

    assert {_TEXT} == {node.tag_id for node in nodes if node.tag == "-text"}
    assert all(node.tag_id >= _FIRST_ELEMENT for node in nodes if node.tag[0] != "-")


def test_a_line_ends_where_a_block_ends():
    """Text after a closed block is a line of its own, in the element around."""
    assert [("div", "x"), ("p", "y"), ("div", "z")] == lines("<div>x<p>y</p>z</div>")


def test_inline_elements_do_not_part_a_line():
    """Bold and linked words stay in their line, the blank between them kept."""
    assert [("p", "a b c")] == lines("<p>a <b>b</b> <a href=x>c</a></p>")


def test_a_br_parts_lines_of_one_element():
    """Two lines parted by a br stand in the same element."""
    assert [("p", "a"), ("p", "b")] == lines("<p>a<br>b</p>")


def test_scripts_have_no_text():
    """The text of a script is none of the page, what follows an empty script is."""
    assert [("body", "seen")] == lines("<body><script>no</script><script src=x></script>seen")


def test_a_subtree_is_a_range():
    """An element ends with its last descendant, its text with that one's."""
    document = Document("<div><p>a<i>b</i></p></div><p>c</p>")
    div = document.by_tag["div"][0]

    assert ["div", "p", "i"] == document.tags[div : document.ends[div]]
    assert "ab" == document.text(div)


def test_white_space_after_a_line_is_none_of_an_element_that_ended_before():
    """A link's text ends with the link, whatever blanks follow the rest of its line."""
    document = Document("<p><a href=x>link</a> and more</p> <p>next</p>")
    link = document.by_tag["a"][0]

    assert "link" == document.text(link)


def test_white_space_between_elements_is_counted_as_of_the_first():
    """And as of the elements inside that end with it."""
    document = Document("<p><a href=x><b>link</b></a> <i>and</i></p>")

    assert [5, 5, 3] == [document.text_length(document.by_tag[tag][0]) for tag in ("a", "b", "i")]


def test_elements_are_found_by_attribute():
    """Each once, in document order, the root too; what the walk passes over isn't there."""
    document = Document("<html itemscope><p itemprop=a>x<template><p itemprop=b></template><b ITEMSCOPE itemprop=c>y")
    found = [document.tags[each] for each in document.having("itemprop", "itemscope")]

    assert ["html", "p", "b"] == found


def test_nothing_has_an_attribute_in_an_empty_page():
    """A page without a byte has an html element, and that no attribute."""
    assert [] == Document("").having("itemprop")


def test_elements_are_found_inside_another():
    """Those of a tag between its start and its end, itself left out."""
    document = Document("<b>0</b><div><b>1</b><div><b>2</b></div></div><b>3</b>")
    outer, inner = document.by_tag["div"]

    assert ["1", "2"] == [document.text(each) for each in document.inside("b", outer)]
    assert ([inner], []) == (document.inside("div", outer), document.inside("div", inner))
