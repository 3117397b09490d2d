"""The teasers of an HTML page: blocks, cards, kinds."""

from worker.extract.teasers.find import FoundTeasers, find_teasers
from worker.extract.teasers.targets import Page

__all__ = ["FoundTeasers", "Page", "find_teasers"]
