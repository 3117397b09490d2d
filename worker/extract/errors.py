"""Why a page can't be split: one class a reason, so that a handler names exactly what it means.

::

    PageError
    ├── InvalidEnvelope     the record is no RawPage
    ├── Unreadable          no text can be had from the body
    │   ├── EmptyPage
    │   ├── PageTooLarge
    │   ├── BadEncoding
    │   └── NotText
    ├── TooComplex          text, but not worth what reading it costs
    └── Fruitless           read, and nothing in it can be used
        ├── NoContent
        └── NoIdentity
"""

from typing import ClassVar

from schemas import RejectReason


class PageError(Exception):
    """The page can't be split."""

    reason: ClassVar[RejectReason] = RejectReason.INTERNAL
    """What the rejected topic and the metrics call it."""

    def __init__(self, detail: str = "") -> None:
        opening = (type(self).__doc__ or "").split("\n", 1)[0].rstrip(".")
        super().__init__(f"{opening}: {detail}" if detail else opening)


class InvalidEnvelope(PageError):
    """The record is no RawPage."""

    reason = RejectReason.INVALID_ENVELOPE


class Unreadable(PageError):
    """No text can be had from the body."""


class EmptyPage(Unreadable):
    """The body is empty."""

    reason = RejectReason.EMPTY


class PageTooLarge(Unreadable):
    """The body is over the limit."""

    reason = RejectReason.TOO_LARGE


class BadEncoding(Unreadable):
    """The body can't be unpacked or is text in no character set."""

    reason = RejectReason.BAD_ENCODING


class NotText(Unreadable):
    """The body is no text."""

    reason = RejectReason.NOT_TEXT


class TooComplex(PageError):
    """The page is nested or decorated beyond what is worth reading."""

    reason = RejectReason.TOO_COMPLEX


class Fruitless(PageError):
    """Nothing on the page can be used."""

    reason = RejectReason.NO_CONTENT


class NoContent(Fruitless):
    """The page holds neither an article nor a teaser."""

    reason = RejectReason.NO_CONTENT


class NoIdentity(Fruitless):
    """The article has neither an address nor a headline to know it by."""

    reason = RejectReason.NO_IDENTITY
