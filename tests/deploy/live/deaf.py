"""A way to the broker on which the ends of transactions get lost: what a hung transaction coordinator looks like."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.chaos.proxy import Proxy

END_TXN = 26
"""Kafka's number of the request that commits or aborts a transaction."""

HEADER_BYTES = 6
"""The size of a request, four bytes, and the number of its kind, two."""


class Deaf(Proxy):
    """Forwards every request but the end of a transaction; after one, its connection is not listened to any more."""

    async def _requests(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            async for request in _read(source):
                if int.from_bytes(request[4:HEADER_BYTES], "big") == END_TXN:
                    return
                sink.write(request)
                await sink.drain()
        sink.close()


async def _read(source: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield each request with its size before it, until the client ends the connection."""
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            size = await source.readexactly(4)
            yield size + await source.readexactly(int.from_bytes(size, "big"))
