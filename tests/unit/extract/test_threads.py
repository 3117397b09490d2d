"""What is remembered between pages serves threads as well."""

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pytest

from schemas import RawPage, encode
from worker.extract import PageError, split_page

PAGES = [
    RawPage(url=f"https://paper-{number}.example/news/harbour-{number}", body=path.read_bytes(), source="x")
    for number, path in enumerate(sorted(files("worker.samples").joinpath("pages").iterdir(), key=lambda it: it.name))
]


@pytest.fixture
def hasty_threads():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def result(page: RawPage) -> bytes | str:
    """Return the page as it is split, or why it isn't."""
    try:
        return encode(split_page(page))
    except PageError as error:
        return repr(error)


@pytest.mark.usefixtures("hasty_threads")
def test_pages_split_side_by_side_come_out_as_alone():
    """Four threads that interrupt each other at every turn take nothing of one page for another's."""
    alone = [result(page) for page in PAGES]
    with ThreadPoolExecutor(4) as threads:
        beside = list(threads.map(result, PAGES * 5))

    assert alone * 5 == beside
