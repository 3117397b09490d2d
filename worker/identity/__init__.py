"""What makes two things the same: addresses, folding, ids. Pure.

A change of anything here changes ids, and so a contract: ``IDENTITY_VERSION`` says which rules made an id.
"""

from worker.identity.addresses import STORY_HOSTS, address_key, is_front_page, resolve
from worker.identity.folding import fold, is_identifying
from worker.identity.ids import article_story, event_id, page_id, story_id, story_key, teaser_id
from worker.identity.rules import identity_version
from worker.identity.sites import site_of

IDENTITY_VERSION = identity_version()
"""Version of the rules that make ids: code, parameters, folding, story patterns, list of domains."""

__all__ = [
    "IDENTITY_VERSION",
    "STORY_HOSTS",
    "address_key",
    "article_story",
    "event_id",
    "fold",
    "is_front_page",
    "is_identifying",
    "page_id",
    "resolve",
    "site_of",
    "story_id",
    "story_key",
    "teaser_id",
]
