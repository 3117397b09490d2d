"""What became of one page, and the line that says so."""

from dataclasses import dataclass
from typing import Any

import orjson

from schemas import Counts, RawPage, RejectReason, SplitPage, encode
from worker.extract.explain import explain_page


@dataclass(frozen=True, slots=True)
class Outcome:
    """A page and either its split or the reason why there is none."""

    id: str
    """The page's id in the output."""

    page: RawPage | None
    """The page as it was read; None where none could be."""

    split: SplitPage | None
    """What the core made of it; None where it was rejected."""

    reason: RejectReason | None = None
    """Why it was rejected."""

    error: str | None = None
    """The same in words."""


def line(outcome: Outcome, *, is_explained: bool = False) -> bytes:
    """Return the page's line of JSON: valid UTF-8, without NaN and without lone surrogates.

    Raises:
        ValueError: A text of the split can't be written as UTF-8.
    """
    split = outcome.split
    article = encode(split.article) if split is not None and split.article is not None else b"null"
    teasers = b",".join(map(encode, split.teasers)) if split is not None else b""
    counts = (split.counts if split is not None else Counts()).model_dump_json(exclude_none=True).encode()
    reason = None if outcome.reason is None else outcome.reason.value
    parts = [
        b'{"id":' + orjson.dumps(outcome.id),
        b'"article":' + article,
        b'"teasers":[' + teasers + b"]",
        b'"counts":' + counts,
        b'"rejected":' + orjson.dumps(reason),
    ]
    if is_explained:
        parts.append(b'"explain":' + orjson.dumps(_explained(outcome)))
    return b",".join(parts) + b"}\n"


def _explained(outcome: Outcome) -> dict[str, Any]:
    """Return what else is known: of a split page its items by decision, of a rejected one the message."""
    split = outcome.split
    if split is None:
        return {"error": outcome.error}
    return {
        "page_id": split.page_id,
        "site": split.site,
        "flags": split.flags,
        "lexicon_version": split.lexicon_version,
        "identity_version": split.identity_version,
        "settled": [
            {
                "decision": item.reason.decision.value,
                "reason": item.reason.value,
                "headline": item.headline,
                "url": item.url,
                "where": item.where,
                "teaser_id": item.teaser_id,
            }
            for item in split.settled
        ],
        **_article_explained(outcome),
    }


def _article_explained(outcome: Outcome) -> dict[str, Any]:
    """Return which source of each field won, and for each line why it is in the body or out."""
    if outcome.page is None or outcome.split is None:
        return {}
    found = explain_page(outcome.page, outcome.split.article)
    lines = [{**line._asdict(), "weights": {part.signal: part.weight for part in line.weights}} for line in found.lines]
    return {"root": found.root, "claims": [claim._asdict() for claim in found.claims], "lines": lines}
