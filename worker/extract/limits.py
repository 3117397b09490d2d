"""How much of a page is read: the bounds that keep one page from costing what a thousand cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one page. Over a bound of size or shape it is rejected; over one of items it is cut and flagged."""

    max_page_bytes: int = 5_000_000
    """Bytes of the body, unpacked. The largest page of 1,100 measured has 4.3 MB."""

    max_elements: int = 250_000
    """Elements of the tree. A page of 5 MB has at most 60,000 where it is not made to hurt."""

    max_lines: int = 50_000
    """Lines read of a flattened page: 10 µs each. The Bible has 31,000 verses."""

    max_items: int = 2_000
    """Items looked at before repeats are merged: 7 µs each."""

    max_teasers: int = 200
    """Teasers kept of a page; the front page with most in the corpora shows 136 stories."""


DEFAULT_LIMITS = Limits()
"""What holds where nothing else is set."""
