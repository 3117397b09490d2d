"""A small worker on the layer alone, for the chaos runs: run as ``python -m tests.chaos.app``.

Two stages like the real ones: a stateless one that copies, a stateful one that drops what it has seen. What
they write follows from what they read, so that a reader can say what is missing and what is there twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import struct
import sys
import time
from collections.abc import Iterator

from worker.stream.guarantee import (
    EAGER,
    Client,
    Guarantee,
    Limits,
    Message,
    Record,
    Running,
    Stateful,
    Stateless,
    Unit,
    make_app,
    run,
    source_topic,
)

ENTRY = struct.Struct(">16s12s")
PART_BYTES = 256 << 10
FRESH, LAG = 3, 40
"""Items of a page that are new, and how far back the repeated ones lie."""


class Seen:
    """Keys with the page that showed them: what a real state is, without its expiry."""

    def __init__(self) -> None:
        self.pages: dict[bytes, bytes] = {}

    def apply(self, changes: bytes) -> None:
        """Remember the keys in ``changes``."""
        self.pages.update(ENTRY.iter_unpack(changes))

    def snapshot(self) -> Iterator[bytes]:
        """Yield all keys in parts."""
        part = bytearray()
        for key, page in list(self.pages.items()):
            part += ENTRY.pack(key, page)
            if len(part) >= PART_BYTES:
                yield bytes(part)
                part.clear()
        if part:
            yield bytes(part)


def items(partition: int, page: int) -> list[str]:
    """Return the ids on a page: one article, some new items, and some of a page before."""
    new = [f"t-{partition}-{page * FRESH + i}" for i in range(FRESH)]
    old = [f"t-{partition}-{(page - LAG) * FRESH + i}" for i in range(FRESH)] if page >= LAG else []
    return [f"a-{partition}-{page}", *new, *old]


def dedupe(record: Record, seen: Seen, sink: str) -> Unit:
    """Write every id that was not seen before."""
    page = json.loads(record.value or b"{}")
    fresh = [i for i in items(page["p"], page["n"]) if i.encode().ljust(16, b".") not in seen.pages]
    stamp = struct.pack(">q4x", page["n"])
    return Unit(
        tuple(Message(sink, i.encode(), i.encode()) for i in fresh),
        b"".join(ENTRY.pack(i.encode().ljust(16, b"."), stamp) for i in fresh),
    )


def split(record: Record, target: str) -> Unit:
    """Copy the page to the partition it names."""
    page = json.loads(record.value or b"{}")
    return Unit((Message(target, record.key, record.value, partition=page["p"]),))


class Notes:
    """Writes what happened, with the time, for the harness to read."""

    def __init__(self, stage: str) -> None:
        self.stage = stage

    def note(self, what: str, *values: object) -> None:
        """Write one line."""
        print("NOTE", f"{time.time():.3f}", self.stage, what, *values, flush=True)

    def received(self, n: int) -> None: ...

    def sent(self, topic: str, result: str, n: int) -> None: ...

    def refetched(self, cause: str, n: int) -> None:
        self.note("refetched", cause, n)

    def committed(self, n_units: int, seconds: float) -> None:
        self.note("commit", n_units, f"{seconds:.3f}")

    def claimed(self, partition: int, seconds: float, records: int) -> None:
        self.note("claim", partition, f"{seconds:.3f}", records)

    def revoked(self, partition: int) -> None:
        self.note("revoke", partition)


def stages(env: dict[str, str]) -> list[Running]:
    """Return the stages that the environment asks for."""
    client = Client(env["CHAOS_BOOTSTRAP"])
    name, wanted = env["CHAOS_ID"], env["CHAOS_STAGES"].split(",")
    session = float(env.get("CHAOS_SESSION", "10"))
    running = []
    if "split" in wanted:
        app = make_app(f"{name}-split", client, session_seconds=session)
        layer = Stateless(
            app,
            source=env["CHAOS_RAW"],
            handler=lambda record: split(record, env["CHAOS_SPLIT"]),
            client=client,
            name=f"{name}-split",
            limits=EAGER,
            observer=Notes("split"),
        )
        app.agent(source_topic(app, env["CHAOS_RAW"]), name="split")(layer.run)
        running.append(Running(app, layer))
    if "dedupe" in wanted:
        app = make_app(f"{name}-dedupe", client, session_seconds=session)
        layer = Stateful(
            app,
            source=env["CHAOS_SPLIT"],
            state_topic=env["CHAOS_STATE"],
            handler=lambda record, seen: dedupe(record, seen, env["CHAOS_SINK"]),
            new_state=Seen,
            client=client,
            name=f"{name}-dedupe",
            guarantee=Guarantee(env.get("CHAOS_GUARANTEE", "exactly_once")),
            limits=Limits(
                commit_seconds=float(env.get("CHAOS_COMMIT", "0.5")),
                snapshot_bytes=int(env.get("CHAOS_SNAPSHOT_BYTES", str(1 << 20))),
            ),
            observer=Notes("dedupe"),
        )
        app.agent(source_topic(app, env["CHAOS_SPLIT"]), name="dedupe")(layer.run)
        running.append(Running(app, layer))
    return running


async def main() -> None:
    """Run until SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(stages(dict(os.environ)), stop, drain_seconds=20)
    print("NOTE", f"{time.time():.3f}", "worker", "stopped", flush=True)


class WithFields(logging.Formatter):
    """Puts the fields of a record behind its message."""

    PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and the traceback where there is one."""
        fields = {name: value for name, value in vars(record).items() if name not in self.PLAIN}
        return f"{super().format(record)} {fields or ''}"


def work() -> None:
    """Run to the end, and end the process."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(WithFields("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    asyncio.run(main())
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    work()
