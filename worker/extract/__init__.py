"""A raw page to its article and its teasers. Pure: no clock, no network, no state."""

from worker.extract.errors import PageError
from worker.extract.limits import DEFAULT_LIMITS, Limits
from worker.extract.page import split_page

__all__ = ["DEFAULT_LIMITS", "Limits", "PageError", "split_page"]
