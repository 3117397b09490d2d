"""The contracts: one class a record, one row a topic.

Every other package speaks in these values; this one imports pydantic and nothing of ours.
"""

from schemas.article import Article, Block, BlockKind, Image, SplitArticle
from schemas.base import ContractError, Record, decode, encode, trusted
from schemas.decisions import Decided, Decision, PageDecisions, Reason
from schemas.provenance import Provenance
from schemas.raw_page import BodyEncoding, RawPage
from schemas.rejected import RejectReason
from schemas.split_page import Counts, Settled, SplitPage
from schemas.teaser import ENRICHABLE, FoundOn, SplitTeaser, Teaser, TeaserKind

__all__ = [
    "ENRICHABLE",
    "Article",
    "Block",
    "BlockKind",
    "BodyEncoding",
    "ContractError",
    "Counts",
    "Decided",
    "Decision",
    "FoundOn",
    "Image",
    "PageDecisions",
    "Provenance",
    "RawPage",
    "Reason",
    "Record",
    "RejectReason",
    "Settled",
    "SplitArticle",
    "SplitPage",
    "SplitTeaser",
    "Teaser",
    "TeaserKind",
    "decode",
    "encode",
    "trusted",
]
