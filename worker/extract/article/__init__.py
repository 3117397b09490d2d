"""The article of a page, a field a file."""

from worker.extract.article.read import read_article

__all__ = ["read_article"]
