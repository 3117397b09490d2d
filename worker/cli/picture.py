"""Pages in colours, in one file that opens in any browser: what became of every part, and why on hover.

The file holds no script and loads nothing, so it can be mailed and kept; texts of strangers are escaped.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from schemas import Settled, SplitPage, SplitTeaser
from worker.cli.lines_told import told_lines
from worker.cli.outcome import Outcome
from worker.extract.errors import PageError

LEGEND = (
    ("field", "headline, byline, captions"),
    ("article", "article"),
    ("heading", "headings"),
    ("related", "related"),
    ("inline", "inline"),
    ("latest", "latest"),
    ("popular", "popular"),
    ("sponsored", "sponsored"),
    ("other", "other"),
    ("merged", "merged repeat"),
    ("dropped", "dropped or rejected"),
)
"""Classes of the style sheet and what they mean."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def picture(outcomes: Iterable[Outcome]) -> Iterator[bytes]:
    """Yield the file in pieces: its head, each page, its end."""
    css = files("worker.cli").joinpath("picture.css").read_text(encoding="utf-8")
    yield _utf8(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>newsworker split</title><style>{css}</style></head><body>"
    )
    for outcome in outcomes:
        yield _utf8(_page(outcome))
    yield b"</body></html>\n"


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _page(outcome: Outcome) -> str:
    """Return the section of one page."""
    parts = f"{_head(outcome)}{_verdict(outcome)}<main>{_flow(outcome)}{_made(outcome.split)}</main>"
    return f'<section id="{escape(outcome.id)}">{parts}</section>'


def _head(outcome: Outcome) -> str:
    """Return title, totals and legend."""
    url = outcome.page.url if outcome.page is not None else None
    split = outcome.split
    sums: list[str] = []
    if split is not None:
        counts = split.counts
        passed = counts.found - counts.merged_in_page - counts.dropped - counts.rejected
        sums = [
            f"{counts.found} found",
            f"{passed} passed on",
            f"{counts.merged_in_page} merged in the page",
            f"{counts.dropped} dropped",
            f"{counts.rejected} rejected",
            *split.flags,
        ]
    legend = "".join(f'<li class="{name}">{label}</li>' for name, label in LEGEND)
    return (
        f'<header class="page"><h1>{escape(outcome.id)}{" · " + escape(url) if url else ""}</h1>'
        f'<ul class="sums">{"".join(f"<li>{escape(each)}</li>" for each in sums)}</ul>'
        f'<ul class="legend" aria-label="Colours">{legend}</ul></header>'
    )


def _verdict(outcome: Outcome) -> str:
    """Return why the page was rejected; nothing for one that was split."""
    if outcome.split is not None:
        return ""
    reason = outcome.reason.value if outcome.reason else "unknown"
    return f'<p class="verdict rejected"><b>rejected: {escape(reason)}</b> {escape(outcome.error or "")}</p>'


def _flow(outcome: Outcome) -> str:
    """Return the page in its own order, each line in the colour of its fate."""
    if outcome.page is None or outcome.split is None:
        return ""
    try:
        lines = list(told_lines(outcome.page, outcome.split))
    except PageError:
        return ""
    rows = "".join(
        f'<p class="{told.role}" title="{escape(told.why)}" dir="auto">'
        f"{f'<s>{escape(told.text)}</s>' if told.role == 'dropped' else escape(told.text)}</p>"
        for told in lines
    )
    return f'<div class="flow"><h2>The page</h2>{rows}</div>'


def _made(split: SplitPage | None) -> str:
    """Return what was made of the page: the fields, the teasers with their repeats, and the rest."""
    if split is None:
        return ""
    repeats: dict[str | None, list[Settled]] = defaultdict(list)
    for item in split.settled:
        repeats[item.teaser_id].append(item)
    teasers = "".join(_teaser(each, repeats.get(each.teaser_id, [])) for each in split.teasers)
    lost = "".join(_settled(item) for item in repeats.get(None, []))
    return (
        f'<div class="made"><h2>Article</h2>{_article(split)}'
        f'<h2>{len(split.teasers)} teasers</h2><ol class="items">{teasers}</ol>'
        f"{f'<h2>Dropped or rejected</h2><ol class=items>{lost}</ol>' if lost else ''}</div>"
    )


def _article(split: SplitPage) -> str:
    """Return the fields of the article with their sources."""
    article = split.article
    if article is None:
        return "<p>None: a list page.</p>"
    fields = {
        "headline": article.headline,
        "authors": ", ".join(article.authors),
        "agency": article.agency,
        "published": f"{article.published_at.isoformat()} ({article.published_precision})"
        if article.published_at
        else None,
        "modified": article.modified_at.isoformat() if article.modified_at else None,
        "language": article.language,
        "section": article.section,
        "topics": ", ".join(article.topics),
        "lead": article.lead,
        "body": f"{len(article.body)} blocks, {article.word_count} words",
        "images": "\n".join(image.url for image in article.images),
        "paywalled": None if article.paywalled is None else str(article.paywalled).lower(),
    }
    sources = {name.removesuffix("_at"): source for name, source in article.sources.items()}
    rows = "".join(
        f'<dt>{name}</dt><dd dir="auto" title="from {escape(sources.get(name, "the page"))}">{escape(value)}</dd>'
        for name, value in fields.items()
        if value
    )
    return f"<dl>{rows}</dl>"


def _teaser(teaser: SplitTeaser, repeats: list[Settled]) -> str:
    """Return a teaser with the repeats that were merged into it."""
    details = (
        ("under", teaser.heading),
        ("kicker", teaser.kicker),
        ("lead", teaser.lead),
        ("by", ", ".join((*teaser.authors, *((teaser.agency,) if teaser.agency else ())))),
        ("date", teaser.published_text),
        ("address", teaser.url),
        ("image", teaser.image),
    )
    rows = "".join(f'<small dir="auto">{name}: {escape(value)}</small>' for name, value in details if value)
    merged = "".join(
        f'<small class="merged" title="{escape(item.reason.value)}">{escape(item.reason.value)}: '
        f"{escape(item.headline or item.url or '')} {escape(item.where or '')}</small>"
        for item in repeats
    )
    why = escape(f"{teaser.kind.value}, position {teaser.position}, id {teaser.teaser_id}")
    return (
        f'<li class="{teaser.kind.value}" title="{why}"><span class="tag">{teaser.kind.value}</span>'
        f'<b dir="auto">{teaser.position}. {escape(teaser.headline or "(no headline shown)")}</b>{rows}{merged}</li>'
    )


def _settled(item: Settled) -> str:
    """Return an item that went no further."""
    what = escape(item.headline or item.url or "(nothing shown)")
    where = f"<small>{escape(item.where)}</small>" if item.where else ""
    reason = f"{item.reason.decision.value}: {item.reason.value}"
    tag = f'<span class="tag">{escape(item.reason.value)}</span>'
    return f'<li class="dropped" title="{escape(reason)}">{tag} <s>{what}</s>{where}</li>'
