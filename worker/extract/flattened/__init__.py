"""Pages that arrive as plain lines: article, groups of headline, byline and lead."""

from worker.extract.flattened.page import split_flattened
from worker.extract.flattened.read import read_flattened

__all__ = ["read_flattened", "split_flattened"]
