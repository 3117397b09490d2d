"""Faults as a table: what goes wrong, which alert must show, and what may show beside it.

And the quiet scenes, in which nothing may show. Each plays on a fresh broker with fresh watchers.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from tests.deploy.live import pages
from tests.deploy.live.feeder import Feeder, Make, crawl
from tests.deploy.live.scene import Scene

CALM_SECONDS = 12.0
"""Ordinary work before a fault, so that every window has something to compare with."""

CALM_LIMIT_SECONDS = 240.0
"""How long a busy machine may take for the pages before a fault."""

RATE = 8.0
"""Pages a second of ordinary work: little, so that a busy machine is not an overload."""

DAY_PAGES, KNOWN_PAGES = 240, 300
"""Pages of a day in small, and pages from which a site is known."""

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
    calm_pages: int = 50
    """Pages that are done before the fault, however long that takes."""

    rate: float = RATE
    """Pages a second of ordinary work."""

    workers: int = 1
    module: str = "worker"
    """What is run as the workers."""

    scrape_seconds: int = 1
    """How often Prometheus looks. A hung worker answers from what it knows, after a second of waiting for its loop."""

    numbers: Callable[[], Iterator[int]] | None = None
    """Which pages ordinary work is; those of all sites where none are given."""


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
    with Scene(fault.scrape_seconds, **fault.settings) as scene, ExitStack() as crawlers:
        for _ in range(fault.workers):
            scene.start(module=fault.module)
        crawlers.enter_context(scene.feed(rate=fault.rate, numbers=fault.numbers and fault.numbers()))
        scene.begin()
        early = scene.watch(fault.calm_seconds) | scene.watch(
            CALM_LIMIT_SECONDS, lambda _: scene.pages_done() >= fault.calm_pages
        )
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
    with Scene(**LISTED) as scene, ExitStack() as crawlers:
        scene.start()
        with scene.feed(rate=RATE):
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
    crawlers.enter_context(scene.feed(partial(pages.article, look=pages.Look.BARE), RATE, crawl(pages=200)))


def unique_links(scene: Scene, crawlers: ExitStack) -> None:
    """Every link of every page is one that nobody has seen."""
    crawlers.close()
    crawlers.enter_context(scene.feed(partial(pages.article, look=pages.Look.FRESH_LINKS), RATE))


def kill(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - one signature for all faults
    """The worker is killed."""
    scene.workers[0].kill()


def hang(scene: Scene, crawlers: ExitStack) -> None:
    """Behind a pile of heavy pages comes one that never ends."""
    crawlers.close()
    crawlers.enter_context(scene.feed(pages.endless, 100, iter(range(pages.HEAVY_BEFORE + 1))))


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


def late_clock(scene: Scene, crawlers: ExitStack) -> None:
    """Somebody lets the crawlers stamp the raw topic's records, and their clock is behind."""
    crawlers.close()
    scene.alter("pages.raw.v1", "message.timestamp.type", "CreateTime")
    crawler = scene.feed(rate=RATE)
    crawler.behind_seconds = 300.0
    crawlers.enter_context(crawler)


def hollow_site(scene: Scene, crawlers: ExitStack) -> None:
    """One site's pages lose their text to a script."""
    crawlers.close()
    crawlers.enter_context(scene.feed(partial(pages.article, look=pages.Look.HOLLOW), RATE, one_site()))


def refusing_topic(scene: Scene, crawlers: ExitStack) -> None:
    """An output topic takes only tiny records from now on; a supervisor restarts the worker that gives up."""
    scene.alter("articles.v1", "max.message.bytes", "100")
    crawlers.enter_context(scene.supervised())


def commits_hang(scene: Scene, crawlers: ExitStack) -> None:
    """Another worker takes over, for which the broker hears of no end of a transaction; it is started again."""
    scene.workers.pop().stop()
    scene.start(ready=False, NEWSWORKER_KAFKA_BOOTSTRAP=crawlers.enter_context(scene.deaf()))
    crawlers.enter_context(scene.supervised())


def forget(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """A second worker joins, of a version that counts nine pages of ten."""
    scene.start(module="tests.deploy.live.forgetful")


def out_of_memory(scene: Scene, crawlers: ExitStack) -> None:
    """The kernel kills the worker a few seconds after it is ready, whenever its supervisor has started it."""
    crawlers.enter_context(scene.supervised())
    crawlers.enter_context(scene.killing(after_seconds=3))


def churn(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """A second worker comes and goes."""
    for _ in range(5):
        scene.start().stop()


def overload(scene: Scene, crawlers: ExitStack) -> None:
    """More work comes than one worker can do."""
    crawlers.enter_context(scene.feed(pages.heavy, 80))


def one_site() -> Iterator[int]:
    """Return a crawl of the first site alone."""
    return crawl(pages=200, every=len(pages.SITES))


LISTED = {"NEWSWORKER_SITES": ",".join(host.removeprefix("www.") for host in pages.SITES)}
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
    Fault(
        "worker hung", "A page never ends; it hangs one worker of two, and no probe restarts it.", hang,
        frozenset({"NewsworkerStalled"}), workers=2, module="tests.integration.hanging", scrape_seconds=2,
        beside=frozenset({"NewsworkerLagGrowing", "NewsworkerFreshnessBurn"}),
    ),
    Fault("worker frozen", "The only worker's clock stops.", freeze, ABSENT),
    Fault(
        "broker killed", "The broker is gone, under load.", stop_broker, ABSENT,
        beside=frozenset({"NewsworkerStalled"}), seconds=90,
    ),
    Fault(
        "broker frozen", "The broker answers nothing, under load.", freeze_broker, ABSENT,
        beside=frozenset({"NewsworkerStalled"}), seconds=90,
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
        "late stamps", "The raw topic takes the crawlers' stamps, and their clock is five minutes behind.", late_clock,
        frozenset({"NewsworkerFreshnessBurn"}),
    ),
    Fault(
        "refusing topic", "articles.v1 takes only tiny records; the worker that gives up is started again.",
        refusing_topic, frozenset({"NewsworkerSendFailing"}), beside=ABSENT | {"NewsworkerRestarting"},
    ),
    Fault(
        "commits hang", "The broker does not hear of the end of any transaction; the worker that gives up is started "
        "again.", commits_hang, frozenset({"NewsworkerCommitStuck"}), seconds=240,
        beside=ABSENT
        | {"NewsworkerStalled", "NewsworkerRestarting", "NewsworkerRebalancing", "NewsworkerFreshnessBurn"},
    ),
    Fault(
        "pages not counted", "A worker joins that has a bug planted: it does not count one page in ten.", forget,
        frozenset({"NewsworkerUnaccounted"}),
    ),
    Fault(
        "out of memory", "The worker is killed a few seconds after each start, and started again.", out_of_memory,
        frozenset({"NewsworkerRestarting"}), seconds=360,
        beside=ABSENT | {"NewsworkerRebalancing", "NewsworkerFreshnessBurn"},
    ),
    Fault("workers come and go", "A second one restarts five times.", churn, frozenset({"NewsworkerRebalancing"})),
    Fault(
        "overload", "More pages come than the worker can do.", overload, frozenset({"NewsworkerLagGrowing"}),
        beside=frozenset({"NewsworkerFreshnessBurn"}), seconds=120,
    ),
    Fault(
        "one site's redesign", "The pages of one listed site lose their text to a script.", hollow_site,
        frozenset({"NewsworkerSiteOff"}), settings=LISTED, calm_pages=KNOWN_PAGES, seconds=120, numbers=one_site,
    ),
    Fault(
        "redesign", "All publishers drop author and date.", redesign, frozenset({"NewsworkerFieldMissing"}),
        calm_seconds=130, seconds=120,
    ),
    Fault(
        "links without repeats", "Every link is one that nobody has seen.", unique_links,
        frozenset({"NewsworkerDedupeOdd"}), seconds=240,
    ),
)  # fmt: skip


# -- where all is well


def idle(scene: Scene, crawlers: ExitStack) -> None:  # noqa: ARG001 - as above
    """Some work, then none."""
    with scene.feed(rate=RATE):
        time.sleep(5)


def rolling_restart(scene: Scene, crawlers: ExitStack) -> None:
    """Two workers under load are replaced one after the other."""
    scene.start()
    crawlers.enter_context(scene.feed(rate=RATE))
    time.sleep(5)
    for number in range(2):
        scene.workers[number].stop()
        scene.start()


def slow_news(scene: Scene, crawlers: ExitStack) -> None:
    """One site as usual, then fewer and shorter pieces, some of them by agencies, and of the others hardly a page."""
    with scene.feed(rate=3 * RATE, numbers=one_site()):
        scene.wait_done(KNOWN_PAGES)
    crawlers.enter_context(scene.feed(rate=0.3))
    crawlers.enter_context(scene.feed(partial(pages.article, look=pages.Look.SHORT), 3, one_site()))


def replay(scene: Scene, crawlers: ExitStack) -> None:
    """A day's pages, and the same once more as fast as they go."""
    with scene.feed(rate=RATE, numbers=iter(range(DAY_PAGES))):
        scene.wait_done(DAY_PAGES)
    crawlers.enter_context(scene.feed(rate=10 * RATE, numbers=iter(range(DAY_PAGES))))


QUIET = (
    Quiet("idle topic", "Some work, then none.", idle),
    Quiet("rolling restart", "Two workers under load are replaced one by one.", rolling_restart),
    Quiet("slow news", "Fewer pages, half as long, a third of them without a byline.", slow_news, seconds=60),
    Quiet("replay of a day", "The pages of a day once more, at ten times the pace.", replay),
)
