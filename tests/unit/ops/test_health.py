import asyncio
import json
import threading
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from worker.ops.checks import LOOP_SECONDS, StageState
from worker.ops.health import Health
from worker.ops.metrics import Metrics
from worker.ops.names import Stage

NOW = 10_000.0
WELL = StageState(Stage.SPLIT, is_joined=True, assigned=(0,), last_progress=NOW, broker_answered=NOW)


class Vitals:
    """A stage whose state a test sets."""

    def __init__(self, state=WELL):
        self.state = state

    def states(self):
        return [self.state]

    def status(self):
        return {"guarantee": "exactly_once"}


class Broken(Vitals):
    def states(self):
        raise LookupError("nobody home")


@asynccontextmanager
async def serving(vitals):
    metrics = Metrics([Stage.SPLIT], started=NOW)
    health = Health(("127.0.0.1", 0), metrics, vitals, clock=lambda: NOW)
    host, port = await health.start()
    try:
        async with aiohttp.ClientSession(f"http://{host}:{port}") as session:
            yield health, metrics, session
    finally:
        await health.stop()


async def asked(session, path):
    async with session.get(path) as answer:
        return answer.status, await answer.json()


async def text(session, path):
    async with session.get(path) as answer:
        return await answer.text()


def failing(body):
    return [check["name"] for check in body["checks"] if not check["ok"]]


async def test_a_worker_that_does_its_share_says_so():
    """A stage in its group with a broker is live and ready, with every check named."""
    async with serving(Vitals()) as (_, _, session):
        live = await asked(session, "/livez")
        ready = await asked(session, "/readyz")

    assert live[0] == ready[0] == 200
    asked_of_split = [f"split.{name}" for name in ("group", "claims", "broker", "sends")]
    assert ["loop", "drain", *asked_of_split] == [c["name"] for c in ready[1]["checks"]]


async def test_an_answer_is_about_now():
    """Readiness is judged when asked, not when the loop last looked; the metric says the same."""
    vitals = Vitals()
    async with serving(vitals) as (_, metrics, session):
        vitals.state = replace(WELL, is_joined=False)
        status, body = await asked(session, "/readyz")

        assert (status, failing(body)) == (503, ["split.group"])
        assert metrics.registry.get_sample_value("newsworker_ready", {"stage": "split"}) == 0


async def test_draining_is_not_ready_and_live():
    """A process that was asked to stop leaves the balance and is not killed for it."""
    async with serving(Vitals()) as (health, metrics, session):
        health.drain()

        assert (await asked(session, "/readyz"))[0] == 503
        assert (await asked(session, "/livez"))[0] == 200
        assert metrics.registry.get_sample_value("newsworker_draining") == 1


async def test_a_fault_in_looking_is_shown():
    """When the stages can't be asked the process is not ready, and says what was raised."""
    async with serving(Broken()) as (_, _, session):
        status, body = await asked(session, "/readyz")

    assert (status, failing(body)) == (503, ["states"])
    assert "LookupError" in json.dumps(body)


async def test_status_tells_everything_in_one_place():
    """Version, uptime, stages, guarantee and checks stand in one body, also when something fails."""
    async with serving(Vitals(replace(WELL, claiming=(0,)))) as (_, _, session):
        status, body = await asked(session, "/status")

    assert status == 200
    assert {"version", "uptime_seconds", "stages", "guarantee", "checks"} == set(body)
    assert body["stages"]["split"]["claiming"] == [0]
    assert ["split.claims"] == failing(body)


async def test_metrics_come_in_the_format_asked_for():
    """A scraper that asks for OpenMetrics gets it, another one the plain text."""
    async with serving(Vitals()) as (_, _, session):
        async with session.get("/metrics") as plain:
            text = await plain.text()
        async with session.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}) as new:
            openmetrics = await new.text()

    assert plain.headers["Content-Type"].startswith("text/plain")
    assert 'newsworker_ready{stage="split"} 1.0' in text
    assert new.headers["Content-Type"].startswith("application/openmetrics-text")
    assert openmetrics.endswith("# EOF\n")


async def test_an_address_in_use_is_an_error():
    """A second worker on the same port does not start in silence."""
    async with serving(Vitals()) as (health, _, session):
        second = Health(("127.0.0.1", session._base_url.port), health._metrics, Vitals())
        with pytest.raises(OSError, match="in use"):
            await second.start()
        await second.stop()


def test_a_hung_loop_is_answered_for():
    """When the worker's loop hangs a request still gets its answer: not live, not ready, by name."""
    hang, hanging, release, started = (threading.Event() for _ in range(4))
    running = {}

    async def worker():
        running["health"] = Health(("127.0.0.1", 0), Metrics([Stage.SPLIT]), Vitals(), clock=lambda: NOW)
        running["address"] = await running["health"].start()
        started.set()
        await asyncio.to_thread(hang.wait)
        hanging.set()
        release.wait()  # the loop hangs here
        await running["health"].stop()

    async def questions():
        host, port = running["address"]
        async with aiohttp.ClientSession(f"http://{host}:{port}") as session:
            hang.set()
            assert await asyncio.to_thread(hanging.wait, 10)
            running["health"]._ticked -= LOOP_SECONDS + 1
            paths = ("/livez", "/readyz", "/status")
            return await asyncio.gather(*(asked(session, path) for path in paths), text(session, "/metrics"))

    thread = threading.Thread(target=asyncio.run, args=(worker(),))
    thread.start()
    try:
        assert started.wait(10)
        live, ready, status, metrics = asyncio.run(questions())
    finally:
        release.set()
        thread.join(10)

    assert (live[0], failing(live[1])) == (503, ["loop"])
    assert (ready[0], failing(ready[1])) == (503, ["loop"])
    assert status[0] == 200
    assert 'newsworker_ready{stage="split"} 0.0' in metrics
