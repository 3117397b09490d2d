"""Faults as a table: what goes wrong, which alert must show, and what may show beside it.

And the quiet scenes, in which nothing may show. Each plays on a fresh broker with fresh watchers.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from tests.deploy.live import pages
from tests.deploy.live.feeder import Feeder, Make, crawl
from tests.deploy.live.scene import Scene

CALM_SECONDS = 12.0
"""Ordinary work before a fault, so that every window has something to compare with."""

SETTLE_SECONDS = 6.0
"""How long others may still show themselves after the expected alert did."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    what: str
    """In a sentence, for the docs."""

    inject: Callable[[Scene, ExitStack], None]
    expected: frozenset[str]
    beside: frozenset[str] = frozenset()
    """Alerts that tell the truth too: a consequence that takes longer or shorter."""

    seconds: float = 60.0
    """How long the expected alert may take."""

    settings: dict[str, str] = field(default_factory=dict)
    calm_seconds: float = CALM_SECONDS
    rate: float = 20.0
    """Pages a second of ordinary work."""

    workers: int = 1


@dataclass(frozen=True, slots=True)
class Quiet:
    """A scene in which all is well."""

    name: str
    what: str
    play: Callable[[Scene, ExitStack], None]
    seconds: float = 40.0
    """How long is looked after the play."""


def play(fault: Fault) -> tuple[dict[str, float], str]:
    """Play a fault and return the alerts seen, by seconds since it was injected, and the ends of the logs."""
    with Scene(**fault.settings) as scene, ExitStack() as crawlers:
        for _ in range(fault.workers):
            scene.start()
        scene.begin()
        crawlers.enter_context(scene.feed(rate=fault.rate))
        early = scene.watch(fault.calm_seconds)
        fault.inject(scene, crawlers)
        seen = scene.watch(fault.seconds, lambda names: fault.expected <= names)
        after = scene.watch(SETTLE_SECONDS)
        logs = scene.logs()
    return {
        **{f"{name} (before)": 0.0 for name in early},
        **{name: seen.get(name, -1.0) for name in after},
        **seen,
    }, logs


def calm(quiet: Quiet) -> tuple[dict[str, float], str]:
    """Play a quiet scene and return the alerts seen: none, where all is well."""
    with Scene() as scene, ExitStack() as crawlers:
        scene.start()
        scene.begin()
        seen: dict[str, float] = {}
        quiet.play(scene, crawlers)
        seen |= scene.watch(quiet.seconds)
        logs = scene.logs()
    return seen, logs


# -- what goes wrong


def flood(scene: Scene, crawlers: ExitStack, *, make: Make, rate: float = 5) -> None:
    """Pages of a kind come beside the others."""
    crawlers.enter_context(scene.feed(make, rate))


def flood_split(scene: Scene, crawlers: ExitStack) -> None:
    """Something writes to the internal topic that is no split page."""
    crawlers.enter_context(Feeder(scene.cluster.bootstrap, "pages.split.v1", pages.broken, 5))


def redesign(scene: Scene, crawlers: ExitStack) -> None:
    """The publishers' pages lose author and date."""
    crawlers.close()
    crawlers.enter_context(scene.feed(partial(pages.article, bare=True), 20, crawl(pages=200)))


def unique_links(scene: Scene, crawlers: ExitStack) -> None:
    """Every link of every page is one that nobody has seen."""
    crawlers.close()
    crawlers.enter_context(scene.feed(partial(pages.article, fresh_links=True), 20))


def kill(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - one signature for all faults
    """The worker is killed."""
    scene.workers[0].kill()


def freeze(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """The worker's clock stops."""
    scene.workers[0].signal(signal.SIGSTOP)


def stop_broker(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """The broker is killed and does not come back."""
    scene.cluster.brokers[0].kill()


def freeze_broker(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """The broker's clock stops: connections stay, nothing answers."""
    scene.cluster.brokers[0].freeze()


def freeze_idle_broker(scene: Scene, crawlers: ExitStack) -> None:
    """The same on an idle topic."""
    crawlers.close()
    time.sleep(3)
    scene.cluster.brokers[0].freeze()


def restart_with(scene: Scene, crawlers: ExitStack, *, stages: str = "split,dedupe", **settings: str) -> None:  # noqa: ARG001 - as above
    """The worker is deployed anew with something wrong in it."""
    scene.workers[0].stop()
    scene.start(stages, ready=False, **settings)


def port_taken(scene: Scene, crawlers: ExitStack) -> None:
    """The new worker's port belongs to another process."""
    scene.workers[0].stop()
    restarted = scene.start(ready=False)
    restarted.kill()
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    host, port = restarted.target.rsplit(":", 1)
    taken.bind((host, int(port)))
    taken.listen()
    crawlers.callback(taken.close)
    restarted.start()


def late_partitions(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """Of two workers one freezes for 40 s, shorter than its session: its partitions' pages come late."""
    scene.workers[1].signal(signal.SIGSTOP)
    time.sleep(40)
    scene.workers[1].signal(signal.SIGCONT)


def churn(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """A second worker comes and goes."""
    for _ in range(5):
        scene.start().stop()


def overload(scene: Scene, crawlers: ExitStack) -> None:
    """More work comes than one worker can do."""
    crawlers.enter_context(scene.feed(pages.heavy, 150))


FLOODED = frozenset({"NewsworkerRejectedHigh"})
ABSENT = frozenset({"NewsworkerAbsent"})

FAULTS = (
    Fault("bad envelopes", "A crawler sends what is no envelope.", partial(flood, make=pages.broken), FLOODED),
    Fault("consent walls", "Pages come without content.", partial(flood, make=pages.empty), FLOODED),
    Fault(
        "oversized pages", "Pages are over the limit.", partial(flood, make=pages.oversized), FLOODED,
        settings={"NEWSWORKER_MAX_PAGE_BYTES": "100000"},
    ),
    Fault("foreign split pages", "Another program writes to the internal topic.", flood_split, FLOODED),
    Fault("worker killed", "The only worker is killed.", kill, ABSENT),
    Fault("worker frozen", "The only worker's clock stops.", freeze, ABSENT),
    Fault(
        "broker killed", "The broker is gone, under load.", stop_broker, ABSENT,
        beside=frozenset({"NewsworkerStalled"}), seconds=90,
    ),
    Fault(
        "broker frozen", "The broker answers nothing, under load.", freeze_broker, frozenset({"NewsworkerStalled"}),
        beside=ABSENT, seconds=90,
    ),
    Fault("broker frozen, idle", "It answers nothing, on an idle topic.", freeze_idle_broker, ABSENT, seconds=90),
    Fault(
        "unknown setting", "A deployment has a typo in a setting's name.",
        partial(restart_with, NEWSWORKER_KAFKA_BOOTSTRP="x"), ABSENT,
    ),
    Fault(
        "wrong broker", "A deployment names a broker that does not exist.",
        partial(restart_with, NEWSWORKER_KAFKA_BOOTSTRAP="127.0.0.1:1"), ABSENT,
    ),
    Fault(
        "missing topics", "A deployment has a prefix whose topics nobody made.",
        partial(restart_with, NEWSWORKER_TOPIC_PREFIX="new."), ABSENT,
    ),
    Fault("port taken", "The port of health and metrics is taken.", port_taken, ABSENT),
    Fault(
        "stage forgotten", "A deployment runs one stage of the two.", partial(restart_with, stages="split"), ABSENT,
        beside=frozenset({"NewsworkerLagGrowing"}),
    ),
    Fault(
        "late partitions", "One of two workers freezes for 40 s, shorter than its session.", late_partitions,
        frozenset({"NewsworkerFreshnessBurn"}), settings={"NEWSWORKER_SESSION_TIMEOUT_SECONDS": "120"}, workers=2,
    ),
    Fault("workers come and go", "A second one restarts five times.", churn, frozenset({"NewsworkerRebalancing"})),
    Fault(
        "overload", "More pages come than the worker can do.", overload, frozenset({"NewsworkerLagGrowing"}),
        beside=frozenset({"NewsworkerFreshnessBurn"}), seconds=120,
    ),
    Fault(
        "redesign", "All publishers drop author and date.", redesign, frozenset({"NewsworkerFieldMissing"}),
        calm_seconds=300, seconds=300,
    ),
    Fault(
        "links without repeats", "Every link is one that nobody has seen.", unique_links,
        frozenset({"NewsworkerDedupeOdd"}), seconds=240,
    ),
)  # fmt: skip


# -- where all is well


def idle(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """Some work, then none."""
    with scene.feed(rate=20):
        time.sleep(5)


def rolling_restart(scene: Scene, crawlers: ExitStack) -> None:
    """Two workers under load are replaced one after the other."""
    scene.start()
    crawlers.enter_context(scene.feed(rate=20))
    time.sleep(5)
    for number in range(2):
        scene.workers[number].stop()
        scene.start()


def slow_news(scene: Scene, crawlers: ExitStack) -> None:
    """A page now and then."""
    crawlers.enter_context(scene.feed(rate=0.3))


def replay(scene: Scene, crawlers: ExitStack) -> None:
    """A day's pages, and the same once more as fast as they go."""
    with scene.feed(rate=60, numbers=iter(range(600))):
        time.sleep(12)
    crawlers.enter_context(scene.feed(rate=200, numbers=iter(range(600))))


QUIET = (
    Quiet("idle topic", "Some work, then none.", idle),
    Quiet("rolling restart", "Two workers under load are replaced one by one.", rolling_restart),
    Quiet("slow news", "A page every three seconds.", slow_news, seconds=60),
    Quiet("replay of a day", "The pages of a day once more, at ten times the pace.", replay),
)
