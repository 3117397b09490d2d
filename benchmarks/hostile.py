"""Pages made to hurt, and what each costs: ``python -m benchmarks.hostile``.

Each page is split in a process of its own, so that memory is its own too. The bounds are 2 s of CPU and 1 GB.
"""

import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

from schemas import BodyEncoding, RawPage, RejectReason, SplitPage
from worker.extract import PageError, split_page

MOST_CPU_SECONDS = 2.0
MOST_MEGABYTES = 1_000

ARTICLE = (
    "<html><head><title>A ferry goes electric on the long fjord</title>{}</head><body><h1>A ferry goes electric on the \
long fjord</h1>"
    + "<p>The ship carries a hundred and eighty guests and twelve cars over the water each day.</p>" * 8
    + "{}</body></html>"
)


def _article(head: str = "", foot: str = "") -> RawPage:
    return RawPage(
        url="https://paper.example/ferry-1.html", body=ARTICLE.format(head, foot).encode("utf-8", "surrogatepass")
    )


def _ld(text: str) -> RawPage:
    return _article(f'<script type="application/ld+json">{text}</script>')


def _raw(body: bytes, **told: object) -> Callable[[], RawPage]:
    return lambda: RawPage.model_validate({"url": "https://paper.example/a", "body": body, **told})


def _cyclic() -> str:
    nodes = [{"@id": f"#{n}", "@type": "NewsArticle", "isPartOf": {"@id": f"#{(n + 1) % 300}"}} for n in range(300)]
    return json.dumps({"@context": "https://schema.org", "@graph": nodes})


PAGES: dict[str, Callable[[], RawPage]] = {
    "empty": _raw(b""),
    "blank": _raw(b" \n\t" * 1_000),
    "binary": _raw(bytes(range(256)) * 2_000),
    "png": _raw(b"\x89PNG\r\n\x1a\n" + bytes(10_000)),
    "not UTF-8": _raw(b"<html><body><p>" + b"\xff\xfe\xfd\x81 \x9d" * 5_000),
    "charset undefined": _raw(ARTICLE.format("", "").encode(), charset="undefined"),
    "50 MB": _raw(b"<p>text</p>" * 4_600_000),
    "gzip bomb": _raw(gzip.compress(bytes(200_000_000), 9), body_encoding=BodyEncoding.GZIP),
    "200,000 nested": _raw(b"<div>" * 200_000),
    "50,000 nested and closed": _raw(b"<div>" * 50_000 + b"text" + b"</div>" * 50_000),
    "nested behind bogus ends": _raw(b"<div></x>" * 200_000),
    "14,000 nested": _raw(b"<div>" * 14_000 + b"<p>text</p>"),
    "40,000 attributes": _raw(b"<div " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b">"),
    "nested spans": _raw(b"<p>" + b"<span>" * 14_000 + b"text"),
    "nested formatting": _raw(b"".join(b"<b id=%d>" % n for n in range(5_000)) + b"<p>x" * 5_000),
    "misnested formatting": _raw(b"<b>" * 4_000 + b"<div>" * 4_000 + b"</b>" * 4_000),
    "nested tables": _raw(b"<table><tr><td>" * 4_500),
    "one paragraph of 4.9 MB": _raw(b"<h1>A headline of words</h1><p>" + b"word " * 970_000),
    "one word of 4.9 MB": _raw(b"<h1>A headline of words</h1><p>" + b"w" * 4_900_000),
    "400,000 short paragraphs": _raw(b"<h1>A headline of words</h1>" + b"<p>a b</p>" * 400_000),
    "80,000 links": _raw(b"".join(b"<a href=/news/story-%d>Headline of story %d</a>" % (n, n) for n in range(80_000))),
    "10,000 cards": _raw(
        b"".join(
            b"<div class=card><a href=/n/s-%d><img src=/i.jpg></a><h3><a href=/n/s-%d>Headline no %d</a></h3></div>"
            % (n, n, n)
            for n in range(10_000)
        )
    ),
    "angle brackets": _raw(b"<" * 4_900_000),
    "comments": _raw(b"<!--" * 1_200_000),
    "entities": _raw(b"<p>" + b"&amp;" * 900_000),
    "null bytes": _raw(b"<p>te\x00xt</p>" * 100_000),
    "script without end": _raw(b"<script>" + b"a<b " * 1_000_000),
    "JSON-LD cycle": lambda: _ld(_cyclic()),
    "JSON-LD lone surrogate": lambda: _ld(
        '{"@type": "NewsArticle", "headline": "A \\ud800 headline of words", "author": "\\udfff"}'
    ),
    "JSON-LD nested": lambda: _ld('{"a":' * 100_000 + "1" + "}" * 100_000),
    "JSON-LD huge number": lambda: _ld(
        '{"@type": "NewsArticle", "datePublished": 1e999, "wordCount": ' + "9" * 100_000 + "}"
    ),
    "JSON-LD many authors": lambda: _ld(
        json.dumps(
            {"@type": "NewsArticle", "author": [{"@type": "Person", "name": f"Ann Lee {n}"} for n in range(50_000)]}
        )
    ),
    "microdata nested": _raw(
        b"<div itemscope itemprop=author itemtype=https://schema.org/Article>" * 13_000 + b"<b itemprop=name>Ann Lee"
    ),
    "10,000 microdata items": _raw(
        b"<div itemscope itemtype=https://schema.org/Article><h1>Headline</h1><meta itemprop=headline content=x></div>"
        * 10_000
    ),
    "javascript addresses": lambda: _article(
        '<link rel="canonical" href="javascript:alert(1)"><meta property="og:image" content="data:image/png,A">',
        '<h2>Related</h2><ul><li><a href="javascript:alert(1)">A story that is none at all</a></li>'
        '<li><a href="vbscript:x">Another story that is none at all</a></li>'
        '<li><a href="file:///etc/passwd">A third story that is none at all</a></li></ul>',
    ),
    "200,000 bar lines": _raw(b"Headline one\nAnn |\n" * 200_000, content_type="text/plain"),
    "200,000 bars": _raw(b"|\n" * 200_000, content_type="text/plain"),
    "2,000,000 short lines": _raw(b"A headline of words\n|\n" + b"a\n" * 2_000_000, content_type="text/plain"),
    "text of one line": _raw(b"word " * 900_000, content_type="text/plain"),
    "byline of 4 MB": _raw(
        b"A headline of words\n" + b"A B, " * 800_000 + b" |\nlead\nbody\n", content_type="text/plain"
    ),
}
"""By name."""

REFUSED = {
    "empty": RejectReason.EMPTY,
    "blank": RejectReason.EMPTY,
    "binary": RejectReason.NOT_TEXT,
    "png": RejectReason.NOT_TEXT,
    "50 MB": RejectReason.TOO_LARGE,
    "gzip bomb": RejectReason.TOO_LARGE,
    "200,000 nested": RejectReason.TOO_COMPLEX,
    "50,000 nested and closed": RejectReason.TOO_COMPLEX,
    "nested behind bogus ends": RejectReason.TOO_COMPLEX,
    "40,000 attributes": RejectReason.TOO_COMPLEX,
}
"""The pages that have one right answer; the others may end either way."""


def odd_addresses(split: SplitPage) -> list[str]:
    """Return the addresses in a split that are not http(s): there must be none."""
    article = split.article
    addresses = [
        *((article.url, article.canonical_url, *(image.url for image in article.images)) if article else ()),
        *(address for teaser in split.teasers for address in (teaser.url, teaser.image)),
        *(item.url for item in split.settled),
    ]
    return [address for address in addresses if address and not address.startswith(("http://", "https://"))]


def measured(name: str) -> dict[str, object]:
    """Return what one page costs, in this process."""
    page = PAGES[name]()
    before = time.process_time()
    try:
        split = split_page(page)
        if odd := odd_addresses(split):
            raise SystemExit(f"{name}: an address that is not http(s) got through: {odd[0]}")
        outcome = f"{'article' if split.article else 'list'}, {len(split.teasers)} teasers"
    except PageError as error:
        outcome = error.reason.value
    seconds = time.process_time() - before
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"name": name, "outcome": outcome, "cpu_seconds": round(seconds, 3), "megabytes": megabytes}


def main() -> None:
    """Print the cost of every page; exit 1 where one is over a bound."""
    if sys.argv[1:]:
        print(json.dumps(measured(sys.argv[1])))
        return
    over = False
    for name in PAGES:
        made = subprocess.run(
            [sys.executable, "-m", "benchmarks.hostile", name], capture_output=True, text=True, check=True
        )
        row = json.loads(made.stdout)
        is_over = row["cpu_seconds"] > MOST_CPU_SECONDS or row["megabytes"] > MOST_MEGABYTES
        over |= is_over
        print(f"{row['cpu_seconds']:7.3f} s {row['megabytes']:5d} MB  {name}: {row['outcome']}" + "  OVER" * is_over)
    sys.exit(over)


if __name__ == "__main__":
    main()
