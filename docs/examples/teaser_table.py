"""A sample consumer: keep the newest state of every teaser, and print what changes.

    python docs/examples/teaser_table.py 127.0.0.1:9092

It reads ``teasers.v1`` from its beginning, so it can be started anew at any time; no group, no offsets.
"""

import asyncio
import json
import sys
from typing import Any

from aiokafka import AIOKafkaConsumer


def merge(table: dict[str, dict[str, Any]], event: dict[str, Any]) -> None:
    """Bring ``table`` (newest state by ``teaser_id``) up to date with one event, in whatever order events come."""
    known = table.get(event["teaser_id"])
    if event["status"] == "new" or known is None:
        table[event["teaser_id"]] = event
    elif event["revision"] > known["revision"]:
        known.update({name: event[name] for name in (*event["changed"], "revision")})


async def follow(bootstrap: str, topic: str = "teasers.v1") -> None:
    """Print a line for each event, with the size of the table; ends on Ctrl-C."""
    table: dict[str, dict[str, Any]] = {}
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    async with consumer:
        async for record in consumer:
            event = json.loads(record.value)
            merge(table, event)
            state = table[event["teaser_id"]]
            print(len(table), event["status"], state["revision"], state["kind"], state["headline"])  # noqa: T201


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1]))
