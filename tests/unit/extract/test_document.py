from hypothesis import given
from hypothesis import strategies as st

from worker.extract.article.lines import lines_between
from worker.extract.document import Document


def lines(html):
    document = Document(html)
    return [(document.tags[line.element], line.text) for line in lines_between(document, 0, len(document.pieces))]


def test_comments_and_instructions_are_no_elements():
    """Elements of names that nobody knows are; all keep their names."""
    document = Document("<!doctype html><!--x--><?y?><a>t</a><zz-b>u</zz-b><zz-c>v</zz-c><zz-b>w</zz-b>")

    assert ["html", "head", "body", "a", "zz-b", "zz-c", "zz-b"] == document.tags
    assert ["t", "u", "v", "w"] == document.pieces[1:]


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


def test_lines_after_the_most_are_left_out():
    """Who looks for something near the top reads no more than that; white space and breaks are no lines."""
    document = Document("<p>a<p> <p>b<br><br>c<p>d")

    assert [("a", 0), ("b", 0), ("c", 2)] == [
        (line.text, line.breaks) for line in lines_between(document, 0, len(document.pieces), 3)
    ]


@given(st.lists(st.text(alphabet=st.sampled_from(" \n\t\v\x1f\x85\xa0\u1680\u2003\u3000ab!éё漢😀")), max_size=4))
def test_white_space_of_a_line_is_folded(texts):
    """Whatever counts as such in Unicode: each run as one space, none at the ends."""
    line = " ".join("".join(texts).split())

    assert ([("p", line)] if line else []) == lines(f"<p>{'<b></b>'.join(texts)}</p>")
