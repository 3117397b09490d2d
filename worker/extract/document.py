"""HTML to a document: one parse, one walk, flat arrays.

Elements are numbered in document order, so the subtree of element ``i`` is ``range(i, ends[i])`` and its text
is ``pieces[text_starts[i]:text_ends[i]]``. Whatever is asked of a subtree (its text, its links, its density) is
then a slice or the difference of two running sums: the work grows linearly with the page.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

UNREAD = ("style", "svg", "math", "iframe", "template", "object", "canvas")
"""Elements passed over, whole: nothing in them is text of the page."""

BREAKING = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
"""Elements that begin a line of their own: no word goes on across their start."""

LONG_PIECE = 24
"""Characters from which a piece is a long one: what may be prose has such, labels seldom."""

_ROOT = -1

_BREAKS = dict.fromkeys(BREAKING, "\n") | {"br": "\v"}
"""What is left among the pieces before an element that begins a line."""

_TEXT = 2
_FIRST_ELEMENT = 6
"""The parser's numbers of texts, and from which on of elements: below are documents, comments and the like.

Source: lexbor, ``tag/const.h``. A test holds them to the installed parser.
"""


class Document:
    """A parsed page as parallel arrays over its elements, and one over its pieces of text.

    Attributes:
        tags: The tag of each element, in lower case.
        by_tag: Numbers of the elements of each tag, in document order; an unknown tag has none.
        parents: Number of its parent element; -1 for the root.
        blocks: Number of the nearest element that breaks lines, ``br`` apart: itself, or one around it.
        ends: One past the number of its last descendant.
        text_starts: Number of the first piece of text in it.
        text_ends: One past the last piece of text in it.
        pieces: Every text of the page, in document order; white space between texts of a line is kept as one space,
            and a line break stands where a line begins, a vertical tab where that is a ``br``. Texts of scripts are
            not among them.
        long_pieces: Numbers of the pieces of at least ``LONG_PIECE`` characters.
        breaks: Numbers of the pieces that are line breaks.
        owners: Number of the element that each piece stands in directly; of white space, of one around it.
    """

    __slots__ = (
        "__dict__",
        "_attributes",
        "_nodes",
        "_numbers",
        "blocks",
        "breaks",
        "by_tag",
        "ends",
        "long_pieces",
        "owners",
        "parents",
        "pieces",
        "tags",
        "text_ends",
        "text_starts",
    )

    def __init__(self, html: str | bytes) -> None:
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.blocks: list[int] = []
        self.ends: list[int] = []
        self.text_starts: list[int] = []
        self.text_ends: list[int] = []
        self.pieces: list[str] = []
        self.owners: list[int] = []
        self.long_pieces: list[int] = []
        self.breaks: list[int] = []
        self.by_tag: dict[str, list[int]] = defaultdict(list)
        self._nodes: list[LexborNode] = []
        self._attributes: dict[int, dict[str, str | None]] = {}
        self._numbers: dict[int | None, int] = {}
        root = LexborHTMLParser(html).root
        if root is not None:
            self._walk(root)

    def _walk(self, root: LexborNode) -> None:  # noqa: C901, PLR0912, PLR0915  a call a node would double its cost
        """Fill the arrays in one traversal.

        The parser is asked for its numbers of tags and nodes rather than for strings and objects: half of all
        nodes are white space. Attributes are read when they are asked for: those of a third of the elements never
        are. What is passed over has no number, and so has nothing below it.
        """
        add_tag, add_parent, add_block = self.tags.append, self.parents.append, self.blocks.append
        add_start, add_node = self.text_starts.append, self._nodes.append
        add_piece, add_owner = self.pieces.append, self.owners.append
        add_long, add_break = self.long_pieces.append, self.breaks.append
        blocks, ends, text_ends = self.blocks, self.ends, self.text_ends
        kinds: dict[int, tuple[str, str | None, Callable[[int], None] | None]] = {}
        numbers = self._numbers
        path: list[int] = []  # the open elements, the innermost last
        count = text_count = 0
        last_block = _ROOT
        after_text, broken = False, True
        for node in root.traverse(include_text=True):
            tag_id = node.tag_id
            if tag_id == _TEXT:
                is_blank = node.is_empty_text_node
                if is_blank and not after_text:
                    continue
                owner = numbers.get(node.parent.mem_id)  # type: ignore[union-attr] # a text has a parent
                if owner is None:
                    continue
                if is_blank:
                    add_piece(" ")
                    add_owner(path[-1])
                    text_count += 1
                    after_text = False
                    continue
                while path[-1] != owner:
                    closed = path.pop()
                    ends[closed] = count
                    text_ends[closed] = text_count
                if blocks[owner] != last_block:
                    last_block = blocks[owner]
                    if not broken:
                        add_break(text_count)
                        add_piece("\n")
                        add_owner(owner)
                        text_count += 1
                text = node.text_content or " "
                if len(text) >= LONG_PIECE:
                    add_long(text_count)
                add_piece(text)
                add_owner(owner)
                text_count += 1
                after_text, broken = True, False
                continue
            if tag_id < _FIRST_ELEMENT:
                continue
            kind = kinds.get(tag_id)
            if kind is None:
                tag = node.tag or "-"
                kind = kinds[tag_id] = (tag, _BREAKS.get(tag), None if tag in UNREAD else self.by_tag[tag].append)
            tag, mark, add_of_tag = kind
            if add_of_tag is None:
                continue
            if count:
                parent = numbers.get(node.parent.mem_id)  # type: ignore[union-attr] # below the root
                if parent is None:
                    continue
                while path[-1] != parent:
                    closed = path.pop()
                    ends[closed] = count
                    text_ends[closed] = text_count
                block = blocks[parent]
            else:
                parent, block = _ROOT, 0
            if mark is not None:
                if count:
                    add_break(text_count)
                    add_piece(mark)
                    add_owner(parent)
                    text_count += 1
                    after_text, broken = False, True
                if mark == "\n":
                    block = count
            add_tag(tag)
            add_of_tag(count)
            add_parent(parent)
            add_block(block)
            add_node(node)
            add_start(text_count)
            ends.append(0)
            text_ends.append(0)
            if tag != "script":
                numbers[node.mem_id] = count
            path.append(count)
            count += 1
        for closed in path:
            ends[closed] = count
            text_ends[closed] = text_count

    @cached_property
    def lengths(self) -> Sequence[int]:
        """Running sum of the pieces' lengths in characters: ``lengths[n]`` covers the first ``n`` pieces."""
        return list(accumulate(map(len, self.pieces), initial=0))

    @cached_property
    def link_lengths(self) -> Sequence[int]:
        """The same sum over the text that stands in links."""
        sizes = list(map(len, self.pieces))
        linked = [0] * len(sizes)
        for link in self.by_tag["a"]:
            first, end = self.text_starts[link], self.text_ends[link]
            linked[first:end] = sizes[first:end]
        return list(accumulate(linked, initial=0))

    def attributes(self, element: int) -> dict[str, str | None]:
        """Return the element's attributes, names in lower case; whoever asks shares them and changes nothing."""
        found = self._attributes.get(element)
        if found is None:
            found = self._attributes[element] = self._nodes[element].attributes
        return found

    def having(self, *attributes: str) -> list[int]:
        """Return the elements that have one of the attributes, in document order.

        The parser finds them at a fourteenth of what it costs to read the attributes of every element.
        """
        found = self._nodes[0].css(",".join([f"[{name}]" for name in attributes])) if self._nodes else []
        return sorted({number for node in found if (number := self._numbers.get(node.mem_id)) is not None})

    def inside(self, tag: str, element: int) -> list[int]:
        """Return the elements of a tag in ``element``, in document order."""
        found = self.by_tag[tag]
        return found[bisect_right(found, element) : bisect_left(found, self.ends[element])]

    def script(self, element: int) -> str:
        """Return the text of a script."""
        return self._nodes[element].text()

    def text(self, element: int) -> str:
        """Return all text in the element, white space folded, "" where there is none."""
        return " ".join("".join(self.pieces[self.text_starts[element] : self.text_ends[element]]).split())

    def text_length(self, element: int) -> int:
        """Return the characters of text in the element, white space included."""
        return self.lengths[self.text_ends[element]] - self.lengths[self.text_starts[element]]

    def link_text_length(self, element: int) -> int:
        """Return those of its characters that stand in links."""
        return self.link_lengths[self.text_ends[element]] - self.link_lengths[self.text_starts[element]]

    def ancestors(self, element: int) -> list[int]:
        """Return the elements around ``element``, the nearest first."""
        found = []
        while (element := self.parents[element]) != _ROOT:
            found.append(element)
        return found
