"""HTML to a document: one parse, one walk, flat arrays.

Elements are numbered in document order, so the subtree of element ``i`` is ``range(i, ends[i])`` and its text
is ``pieces[text_starts[i]:text_ends[i]]``. Whatever is asked of a subtree (its text, its links, its density) is
then a slice or the difference of two running sums: the work grows linearly with the page.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

UNREAD = ("style", "svg", "math", "iframe", "template", "object", "canvas")
"""Elements taken out before the walk, whole: nothing in them is text of the page."""

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

_ROOT = -1


class Document:
    """A parsed page as parallel arrays over its elements, and one over its pieces of text.

    Attributes:
        nodes: The parser's node of each element.
        tags: Its tag, in lower case.
        parents: Number of its parent element; -1 for the root.
        blocks: Number of the nearest element that breaks lines, ``br`` apart: itself, or one around it.
        ends: One past the number of its last descendant.
        text_starts: Number of the first piece of text in it.
        text_ends: One past the last piece of text in it.
        pieces: Every text of the page, in document order; white space between elements is kept as one space,
            and a line break stands before an element that begins a line, a vertical tab before a ``br``. Texts of
            scripts are not among them.
        owners: Number of the element that each piece stands in directly; of white space, of one around it.
    """

    __slots__ = (
        "__dict__",
        "blocks",
        "ends",
        "nodes",
        "owners",
        "parents",
        "pieces",
        "tags",
        "text_ends",
        "text_starts",
    )

    def __init__(self, html: str | bytes) -> None:
        tree = LexborHTMLParser(html)
        tree.strip_tags(list(UNREAD))
        self.nodes: list[LexborNode] = []
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.blocks: list[int] = []
        self.ends: list[int] = []
        self.text_starts: list[int] = []
        self.text_ends: list[int] = []
        self.pieces: list[str] = []
        self.owners: list[int] = []
        if tree.root is not None:
            self._walk(tree.root)

    def _walk(self, root: LexborNode) -> None:
        """Fill the arrays in one traversal; an element ends where a node comes whose parent is further up."""
        nodes, tags, parents, blocks, ends = self.nodes, self.tags, self.parents, self.blocks, self.ends
        starts, text_ends, pieces, owners = self.text_starts, self.text_ends, self.pieces, self.owners
        open_elements: list[int] = []
        open_ids: list[int] = []
        current = _ROOT
        text = ""
        for node in root.traverse(include_text=True):
            tag = node.tag or "-"
            if tag == "-text":
                if tags[current] == "script" and len(tags) == current + 1 and not ends[current]:
                    continue
                text = node.text_content or " "
                if text.isspace():
                    pieces.append(" ")
                    owners.append(open_elements[-1])
                    continue
            elif tag[0] in "-!":
                continue
            parent = node.parent
            parent_id = parent.mem_id if parent is not None else None
            while open_ids and open_ids[-1] != parent_id:
                open_ids.pop()
                closed = open_elements.pop()
                ends[closed] = len(tags)
                text_ends[closed] = len(pieces)
            if tag == "-text":
                pieces.append(text)
                owners.append(open_elements[-1])
                continue
            breaks = tag in BREAKING
            if breaks and pieces:
                pieces.append("\n" if tag != "br" else "\v")
                owners.append(open_elements[-1])
            current = len(tags)
            nodes.append(node)
            tags.append(tag)
            parent_number = open_elements[-1] if open_elements else _ROOT
            parents.append(parent_number)
            blocks.append(current if parent_number < 0 or (breaks and tag != "br") else blocks[parent_number])
            ends.append(0)
            starts.append(len(pieces))
            text_ends.append(0)
            open_elements.append(current)
            open_ids.append(node.mem_id)
        for closed in open_elements:
            ends[closed] = len(tags)
            text_ends[closed] = len(pieces)

    @cached_property
    def by_tag(self) -> dict[str, list[int]]:
        """Numbers of the elements of each tag, in document order; an unknown tag has none."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, tag in enumerate(self.tags):
            found[tag].append(number)
        return found

    @cached_property
    def lengths(self) -> Sequence[int]:
        """Running sum of the pieces' lengths in characters: ``lengths[n]`` covers the first ``n`` pieces."""
        return list(accumulate(map(len, self.pieces), initial=0))

    @cached_property
    def link_lengths(self) -> Sequence[int]:
        """The same sum over the text that stands in links."""
        linked = [0] * len(self.pieces)
        for link in self.by_tag["a"]:
            for piece in range(self.text_starts[link], self.text_ends[link]):
                linked[piece] = len(self.pieces[piece])
        return list(accumulate(linked, initial=0))

    def attributes(self, element: int) -> dict[str, str | None]:
        """Return the element's attributes, names in lower case; read anew at each call."""
        return self.nodes[element].attributes

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
