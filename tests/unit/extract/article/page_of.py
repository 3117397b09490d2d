"""A small invented page with an article, read whole."""

from schemas import RawPage, SplitPage
from worker.extract import split_page

URL = "https://harbourpost.example/news/new-pier-opens-48213377"
LEAD = "After nine years of waiting the new pier opens to walkers, and to one ferry a day."
PARAGRAPHS = [
    f"The harbour master said on {day} that the planks of the new pier had been laid by hand, one after the other, and "
    f"that nobody had counted them before the council asked for the bill, which came to more than was agreed."
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday")
]


def split(inside: str, head: str = "", after: str = "") -> SplitPage:
    """Return the split of a page whose article begins with ``inside`` and goes on with four paragraphs."""
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = (
        f"<html lang='en'><head>{head}</head><body><main><article><h1>New pier opens after nine years</h1>{inside}"
        f"{body}</article></main>{after}</body></html>"
    )
    return split_page(RawPage(url=URL, content_type="text/html", body=html))
