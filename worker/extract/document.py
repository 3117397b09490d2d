"""HTML to a document: one parse, one walk, flat arrays.

Elements are numbered in document order, so the subtree of element ``i`` is ``range(i, ends[i])`` and its text
is ``pieces[text_starts[i]:text_ends[i]]``. Whatever is asked of a subtree (its text, its links, its density) is
then a slice or the difference of two running sums: the work grows linearly with the page.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

UNREAD = ("style", "svg", "math", "iframe", "template", "object", "canvas")
"""Elements passed over, whole: nothing in them is text of the page."""

EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "script", "source", "wbr"]
)
"""Elements that hold nothing, or as scripts no text of the page: they are not looked into."""

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

_Kind: TypeAlias = tuple[str, str | None, Callable[[int], None] | None, bool]
"""A tag, what it leaves among the pieces, where its elements are listed (None: passed over), whether they are empty."""

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
        owners: Number of the element that each piece stands in directly; of white space, of the one that it follows.
    """

    __slots__ = (
        "__dict__",
        "_attributes",
        "_nodes",
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
        root = LexborHTMLParser(html).root
        if root is not None:
            self._walk(root)

    def _walk(self, root: LexborNode) -> None:  # noqa: C901, PLR0912, PLR0915  a call a node would double its cost
        """Fill the arrays in one traversal.

        An element's children are asked for when it opens: it ends where they do, and what is passed over is not even
        looked into. The parser is asked for its numbers of tags rather than for strings: half of all nodes are white
        space. Attributes are read when they are asked for: those of a third of the elements never are.
        """
        add_tag, add_parent, add_block = self.tags.append, self.parents.append, self.blocks.append
        add_start, add_node = self.text_starts.append, self._nodes.append
        add_piece, add_owner = self.pieces.append, self.owners.append
        add_long, add_break = self.long_pieces.append, self.breaks.append
        parents, blocks, ends, text_ends = self.parents, self.blocks, self.ends, self.text_ends
        kinds: dict[int, _Kind] = {}
        opened: list[tuple[int, Iterator[LexborNode]]] = [(_ROOT, iter([root]))]
        count = text_count = 0
        last = last_block = _ROOT
        after_text, broken = False, True
        while opened:
            parent, children = opened[-1]
            for node in children:
                tag_id = node.tag_id
                if tag_id == _TEXT:
                    if node.is_empty_text_node:
                        if after_text:
                            add_piece(" ")
                            add_owner(last)
                            text_count += 1
                            after_text = False
                            while (
                                last != parent
                            ):  # a space is counted as of what it follows, as the weights were learned
                                text_ends[last] = text_count
                                last = parents[last]
                        continue
                    if blocks[parent] != last_block:
                        last_block = blocks[parent]
                        if not broken:
                            add_break(text_count)
                            add_piece("\n")
                            add_owner(parent)
                            text_count += 1
                    text = node.text_content or " "
                    if len(text) >= LONG_PIECE:
                        add_long(text_count)
                    add_piece(text)
                    add_owner(parent)
                    text_count += 1
                    after_text, broken = True, False
                    last = parent
                    continue
                if tag_id < _FIRST_ELEMENT:
                    continue
                kind = kinds.get(tag_id)
                if kind is None:
                    kind = kinds[tag_id] = self._kind(node.tag or "-")
                tag, mark, add_of_tag, is_empty = kind
                if add_of_tag is None:
                    continue
                block = blocks[parent] if count else 0
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
                last = count
                count += 1
                ends.append(count)
                text_ends.append(text_count)
                if not is_empty:
                    opened.append((last, node.iter(include_text=True)))
                    break
            else:
                opened.pop()
                if opened:
                    ends[parent], text_ends[parent] = count, text_count

    def _kind(self, tag: str) -> "_Kind":
        """Return what the walk has to know of a tag."""
        return tag, _BREAKS.get(tag), None if tag in UNREAD else self.by_tag[tag].append, tag in EMPTY

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

    @cached_property
    def _numbers(self) -> dict[int | None, int]:
        """Number of each element by what the parser knows it by."""
        return {node.mem_id: number for number, node in enumerate(self._nodes)}

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
