"""Names that settings, metrics and logs share: they are interface, so each stands here once."""

from enum import StrEnum

ENV_PREFIX = "NEWSWORKER_"
"""Environment variables begin with it."""

METRIC_PREFIX = "newsworker_"
"""Metrics begin with it."""


class Stage(StrEnum):
    """A stage of the worker: one input topic, one consumer group."""

    SPLIT = "split"
    """Stateless: a raw page becomes an article and teasers."""

    DEDUPE = "dedupe"
    """Stateful: what of a page is new, richer or a repeat."""


class Guarantee(StrEnum):
    """What a crash may do to the output topics."""

    AUTO = "auto"
    """``exactly_once`` where the broker has transactions, else ``at_least_once``."""

    EXACTLY_ONCE = "exactly_once"
    """No event lost, none twice, to read_committed readers; refuses to start where that can't be kept."""

    AT_LEAST_ONCE = "at_least_once"
    """No event lost; after a crash one may come twice, with the same id."""
