"""The headline: what is printed, chosen from the sources that claim it."""

from worker.extract.document import Document
from worker.extract.metadata import Metadata, plain


def headline(document: Document, metadata: Metadata) -> tuple[str, str] | None:
    """Return the headline and its source, None where the page has none."""
    candidates = [(text, "markup") for each in document.by_tag["h1"] if (text := document.text(each))]
    claims = [
        (plain(metadata.article.get("headline")), "jsonld"),
        (metadata.meta("og:title", "twitter:title"), "opengraph"),
        (metadata.title, "markup"),
    ]
    claimed = [(text, source) for text, source in claims if text]
    for text, source in candidates:
        folded = text.casefold()
        if any(folded in other.casefold() or other.casefold() in folded for other, _ in claimed):
            return text, source
    return next(iter([*claimed, *candidates]), None)
