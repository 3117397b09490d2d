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


class ExitCode:
    """How a command ends; supervisors and scripts read it."""

    OK = 0
    """Stopped as asked, or done."""

    FAILED = 1
    """Did its work and something in it failed: a check, a send of a replay."""

    USAGE = 2
    """The command line is wrong."""

    UNFORESEEN = 70
    """An error that nobody foresaw: a bug of ours."""

    UNAVAILABLE = 75
    """Gave up for now: broker, drain. Trying again later may help."""

    CONFIGURATION = 78
    """A setting is wrong; the message names it."""
