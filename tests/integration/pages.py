"""Pages for the integration tests: usual ones made by number, and hostile ones."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode

from tests.integration.deployment import Raw
from worker.samples import sample_pages

TEASERS_A_PAGE = 3
LAG = 5
"""A page also points to what the page so many before it pointed to first: a repeat."""

SITES = 4

FETCHED_AT = "2026-11-10T00:00:00Z"
"""When the hostile pages were fetched: without it the broker's clock would move stream time past all others."""


def samples() -> list[Raw]:
    """Return the project's own samples, keyed by site, so that those of one site keep their order."""
    return [Raw(_site(sample.key), sample.value, sample.headers) for sample in sample_pages()]


def _site(key: bytes | None) -> bytes:
    host = (key or b"").partition(b"://")[2].partition(b"/")[0]
    return b".".join(host.split(b".")[-2:]) or b"no address"  # librdkafka scatters empty keys


def made(number: int) -> Raw:
    """Return a page with an article of its own, teasers of its own, and one that was seen before."""
    site = f"paper{number % SITES}.example"
    stories = [f"{number}-{i}" for i in range(TEASERS_A_PAGE)]
    if number >= LAG * SITES:
        stories.append(f"{number - LAG * SITES}-0")
    cards = "".join(
        f'<div class="card"><h3><a href="https://{site}/story-{s}.html">The council of Bay {s} weighs options</a></h3>'
        f"<p>Readers ask about item {s} and get an answer.</p></div>"
        for s in stories
    )
    paragraphs = "".join(
        f"<p>Paragraph {i} of report {number} tells at some length what was said at the meeting, by whom and why, "
        f"and closes with the observation that number {number * 7 + i} was drawn, which nobody had expected.</p>"
        for i in range(5)
    )
    html = (
        f"<html lang=en><head><title>Report {number} from the harbour</title></head><body><article>"
        f"<h1>Report {number} from the harbour of the county</h1>{paragraphs}</article>"
        f'<section class="related"><h2>Related stories</h2>{cards}</section></body></html>'
    )
    url = f"https://{site}/report-{number}.html"
    envelope = {
        "url": url,
        "fetched_at": f"2026-11-{10 + number // 1440:02d}T{number // 60 % 24:02d}:{number % 60:02d}:00Z",
        "content_type": "text/html; charset=utf-8",
        "body": html,
        "source": "made",
    }
    return Raw(site.encode(), json.dumps(envelope).encode())


def _bare(body: bytes, content_type: str = "text/html", name: str = "x") -> Raw:
    url = f"https://hostile.example/{name}.html".encode()
    return Raw(url, body, (("url", url), ("content-type", content_type.encode()), ("fetched-at", FETCHED_AT.encode())))


def _packed(body: bytes, name: str) -> Raw:
    packed = b64encode(gzip.compress(body, 9, mtime=0)).decode()
    envelope = {
        "url": f"https://hostile.example/{name}.html",
        "body": packed,
        "body_encoding": "gzip",
        "fetched_at": FETCHED_AT,
    }
    return Raw(None, json.dumps(envelope).encode())


def hostile() -> dict[str, Raw]:
    """Return pages that are meant to hurt, by what they are."""
    story = "".join(
        f"<p>A plain sentence about the harbour, the tide and the ferry, number {i}.</p>" for i in range(20)
    )
    cycle = {"@type": "NewsArticle", "@id": "#a", "headline": "x", "author": {"@id": "#a"}}
    return {
        "null": Raw(None, None),
        "no bytes": Raw(b"", b""),
        "blanks": _bare(b" \n\t ", name="blanks"),
        "binary": _bare(bytes(range(256)) * 40, name="binary"),
        "png": _bare(b"\x89PNG\r\n\x1a\n" + bytes(5_000), name="png"),
        "pdf": _bare(b"%PDF-1.7\n" + b"\xff\x00\xa3" * 900, "application/pdf", name="pdf"),
        "not utf-8": _bare(
            f"<h1>Caf\xe9 \xe0 la cr\xe8me</h1>{story}".encode("latin-1"), "text/html; charset=utf-8", "latin"
        ),
        "charset undefined": _bare(
            f"<h1>Harbour news</h1>{story}".encode(), "text/html; charset=undefined", "undefined"
        ),
        "no envelope": Raw(None, b'{"url": 7}'),
        "half an envelope": Raw(None, b'{"url": "https://hostile.example/", "body": "<html'),
        "gzip bomb": _packed(bytes(300_000_000), "bomb"),
        "fifty megabytes": _packed(b"<p>" + b"harbour " * 6_250_000, "large"),
        "deep": _packed(b"<div>" * 200_000, "deep"),
        "attributes": _packed(b"<div " + b" ".join(b"a%d=1" % i for i in range(40_000)) + b">x</div>", "attributes"),
        "bars": _bare(b"Headline | x\n" * 200_000, "text/plain", "bars"),
        "json-ld": _bare(
            f'<script type="application/ld+json">{json.dumps([cycle] * 3)}</script>'
            f'<script type="application/ld+json">{{"headline": "\\ud800 lone"}}</script>'.encode()
            + f"<h1>Harbour</h1>{story}".encode(),
            name="jsonld",
        ),
        "script addresses": _bare(
            f"<h1>Harbour news of the day</h1>{story}<h2>Related</h2><ul>"
            '<li><a href="javascript:alert(1)">Press here for the tide table</a>'
            '<li><a href="data:text/html,x">A second way to the tide table</a>'
            '<li><a href=" java\tscript:x">A third way to the tide table</a></ul><img src="javascript:x">'.encode(),
            name="script",
        ),
        "script address of the page": Raw(
            None,
            json.dumps(
                {
                    "url": "javascript:alert(1)",
                    "body": f"<h1>Harbour news</h1>{story}",
                    "source": "s",
                    "fetched_at": FETCHED_AT,
                }
            ).encode(),
        ),
    }
