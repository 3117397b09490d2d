"""The news ingestion worker: raw pages in, articles and teasers out."""

__version__ = "0.1.0"
