"""Why a page was rejected. The record on ``pages.rejected.v1`` is the input's own bytes; this is in its headers."""

from enum import StrEnum


class RejectReason(StrEnum):
    """Why nothing could be made of a page. The values are header and metric label."""

    INVALID_ENVELOPE = "invalid_envelope"
    """The record is no RawPage: no JSON, a field is missing or has the wrong type."""

    EMPTY = "empty"
    """The body has no bytes, or nothing but white space."""

    TOO_LARGE = "too_large"
    """The body, unpacked, is over the limit."""

    BAD_ENCODING = "bad_encoding"
    """The body can't be unpacked, or its bytes are text in no character set."""

    NOT_TEXT = "not_text"
    """The body is a picture, a PDF, an archive: anything but a page."""

    TOO_COMPLEX = "too_complex"
    """Nesting, elements or attributes beyond what is worth reading."""

    NO_CONTENT = "no_content"
    """The page was read, and holds neither an article nor a teaser."""

    NO_IDENTITY = "no_identity"
    """There is an article, but neither an address nor a headline to know it by, and no teasers."""

    INVALID_SPLIT_PAGE = "invalid_split_page"
    """``dedupe`` got a record that is no SplitPage."""

    QUARANTINED = "quarantined"
    """The page alone ended the process that tried it; it was not read again."""

    INTERNAL = "internal"
    """An error that nobody foresaw: a bug of ours, to be replayed after the mend."""
