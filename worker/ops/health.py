"""The worker's own HTTP server: `/metrics`, `/livez`, `/readyz`, `/status`.

It runs in a thread of its own and asks the worker's event loop for each answer. A loop that hangs does not
answer within a second: then the server says so itself, from the last tick, instead of hanging along.
"""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import orjson
import structlog
from aiohttp import web

import worker
from worker.ops.checks import Check, StageState, live_checks, loop_check, ready_checks, stage_checks
from worker.ops.metrics import Metrics

TICK_SECONDS = 0.5
"""How often the loop shows that it goes round, and readiness is written to the metrics."""

ASK_SECONDS = 1.0
"""How long the loop may take to answer before the server answers without it; probes wait a second or more."""

START_SECONDS = 10.0
"""How long the server may take to listen."""

log = structlog.get_logger("newsworker.health")

A = TypeVar("A")


class Vitals(Protocol):
    """Who knows how the stages are."""

    def states(self) -> Sequence[StageState]:
        """Return the stages at this moment."""

    def status(self) -> Mapping[str, object]:
        """Return what `/status` tells beside version, uptime, stages and checks, ready for JSON."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks said when the loop last looked."""

    live: tuple[Check, ...] = ()
    ready: tuple[Check, ...] = (Check("start", is_ok=False, reason="the worker is starting"),)


class Health:
    """Serves the health of one process.

    Args:
        bind: Host and port; port 0 takes a free one.
        metrics: What `/metrics` shows; `newsworker_ready` is kept here.
        vitals: Tells about the stages; called in the loop, must be quick.
        stall_seconds: With records waiting and none done for so long the process is not live.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        bind: tuple[str, int],
        metrics: Metrics,
        vitals: Vitals,
        *,
        stall_seconds: float = 300.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._bind, self._metrics, self._vitals = bind, metrics, vitals
        self._stall_seconds, self._clock = stall_seconds, clock
        self._started = clock()
        self._is_draining = False
        self._verdict = Verdict()
        self._ticked = time.monotonic()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ticks: asyncio.Task[None] | None = None
        self._server = _Server(self)

    async def start(self) -> tuple[str, int]:
        """Listen, and return host and port.

        Raises:
            OSError: The address is in use or not ours.
        """
        self._loop = asyncio.get_running_loop()
        self._look()
        self._ticks = asyncio.create_task(self._tick(), name="health-ticks")
        address = await asyncio.to_thread(self._server.start, *self._bind)
        log.info("health_listening", host=address[0], port=address[1])
        return address

    async def stop(self) -> None:
        """Stop listening. Idempotent."""
        if self._ticks is not None:
            self._ticks.cancel()
        await asyncio.to_thread(self._server.stop)

    def drain(self) -> None:
        """The process was asked to stop: not ready from now on. Call it in the loop."""
        self._is_draining = True
        self._metrics.draining()
        self._look()

    # -- in the worker's loop

    async def _tick(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(TICK_SECONDS)

    def _look(self) -> None:
        """Judge the stages and remember what was said."""
        now = self._clock()
        try:
            states = tuple(self._vitals.states())
        except Exception as error:  # noqa: BLE001 - a fault in looking must not end the ticks: it is shown instead
            self._verdict = Verdict(
                (), (Check("states", is_ok=False, reason=f"looking raised {type(error).__name__}"),)
            )
        else:
            ready = ready_checks(states, now, is_draining=self._is_draining)
            self._verdict = Verdict(live_checks(states, now, self._stall_seconds), ready)
            for state in states:
                is_ready = not self._is_draining and all(check.is_ok for check in stage_checks(state, now))
                self._metrics.ready(state.stage, is_ready=is_ready)
        self._ticked = time.monotonic()

    def _told(self) -> Mapping[str, object]:
        self._look()
        return {
            **self._vitals.status(),
            "version": worker.__version__,
            "uptime_seconds": round(self._clock() - self._started, 1),
            "stages": {state.stage: _shown(state) for state in self._vitals.states()},
        }

    # -- in the server's thread

    async def live(self) -> tuple[int, bytes]:
        """Return status code and body of `/livez`."""
        await self._ask(self._look)
        return _answer(self._loop_check(), *self._verdict.live)

    async def ready(self) -> tuple[int, bytes]:
        """Return status code and body of `/readyz`."""
        await self._ask(self._look)
        return _answer(self._loop_check(), *self._verdict.ready)

    async def told(self) -> tuple[int, bytes]:
        """Return status code and body of `/status`: always 200, also when the loop hangs."""
        told = await self._ask(self._told) or {"version": worker.__version__}
        checks = (self._loop_check(), *self._verdict.live, *self._verdict.ready)
        body = {**told, "checks": [check.as_json() for check in checks]}
        return 200, orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2)

    async def scraped(self, accept: str) -> tuple[bytes, str]:
        """Return body and content type of `/metrics`; of a hung loop what stands, not ready."""
        rendered = await self._ask(lambda: self._metrics.exposition(accept))
        if rendered is not None:
            return rendered
        if not self._loop_check().is_ok:
            for stage in self._metrics.stages:
                self._metrics.ready(stage, is_ready=False)
        return self._metrics.exposition(accept)

    def _loop_check(self) -> Check:
        return loop_check(time.monotonic() - self._ticked)

    async def _ask(self, question: Callable[[], A]) -> A | None:
        """Return what the worker's loop answers; None where it does not in time."""
        answer: concurrent.futures.Future[A] = concurrent.futures.Future()

        def answered() -> None:
            if not answer.set_running_or_notify_cancel():
                return
            try:
                answer.set_result(question())
            except Exception as error:  # noqa: BLE001 - it belongs to the one who asked, not to the worker's loop
                answer.set_exception(error)

        assert self._loop is not None, "start comes first"  # noqa: S101 - an order of calls, not an input
        try:
            self._loop.call_soon_threadsafe(answered)
            return await asyncio.wait_for(asyncio.wrap_future(answer), ASK_SECONDS)
        except (TimeoutError, RuntimeError):  # the loop hangs, or is closed already
            return None


def _shown(state: StageState) -> Mapping[str, object]:
    return {
        "joined": state.is_joined,
        "rebalancing": state.is_rebalancing,
        "assigned": list(state.assigned),
        "claiming": list(state.claiming),
        "lag_records": state.lag_records,
        "last_progress": state.last_progress,
        "waiting_since": state.waiting_since,
        "broker_answered": state.broker_answered,
        **state.details,
    }


def _answer(*checks: Check) -> tuple[int, bytes]:
    is_ok = all(check.is_ok for check in checks)
    body = {"status": "ok" if is_ok else "failing", "checks": [check.as_json() for check in checks]}
    return 200 if is_ok else 503, orjson.dumps(body)


class _Server:
    """The listening half: an aiohttp server in a daemon thread with a loop of its own."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen in a thread and return the address.

        Raises:
            OSError: The address is in use or not ours.
        """
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="health", daemon=True)
        self._thread.start()
        try:
            return asyncio.run_coroutine_threadsafe(self._listen(host, port), self._loop).result(START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the listener and end the thread. Idempotent."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(START_SECONDS)
        loop.close()

    async def _listen(self, host: str, port: int) -> tuple[str, int]:
        app = web.Application()
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/status", self._status)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        address = self._runner.addresses[0]
        return str(address[0]), int(address[1])

    async def _close(self) -> None:
        if hasattr(self, "_runner"):
            await self._runner.cleanup()

    async def _live(self, _: web.Request) -> web.Response:
        return _response(*await self._health.live())

    async def _ready(self, _: web.Request) -> web.Response:
        return _response(*await self._health.ready())

    async def _status(self, _: web.Request) -> web.Response:
        return _response(*await self._health.told())

    async def _metrics(self, request: web.Request) -> web.Response:
        body, content_type = await self._health.scraped(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})


def _response(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
