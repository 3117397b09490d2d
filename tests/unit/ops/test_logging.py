import io
import json
import logging

import pytest
import structlog

from worker.ops.logging import CHATTY, LONGEST_TEXT, MOST_A_SECOND, Sampler, configure
from worker.ops.settings import Settings


@pytest.fixture
def logs():
    """Configure all logging into a buffer, and put it back as it was."""
    root = logging.getLogger()
    before = (root.handlers, root.level, structlog.get_config())
    buffer = io.StringIO()

    def configured(**more):
        configure(Settings(kafka_bootstrap="kafka:9092", **more), buffer)
        return buffer

    yield configured
    root.handlers, root.level = before[0], before[1]
    structlog.configure(**before[2])


def lines(buffer):
    return [json.loads(line) for line in buffer.getvalue().splitlines()]


def test_a_line_is_one_object_with_the_common_fields_first(logs):
    """Every line begins with time, level, event, logger, worker and version; its own fields follow."""
    buffer = logs()

    structlog.get_logger("newsworker.test").info("assigned", stage="split", partitions=[0, 1])

    (line,) = lines(buffer)
    assert ["time", "level", "event", "logger", "worker", "version", "stage", "partitions"] == list(line)
    assert (line["level"], line["event"], line["logger"]) == ("info", "assigned", "newsworker.test")
    assert line["time"].endswith("Z")


def test_other_libraries_look_the_same(logs):
    """A record of a library's own logger goes through the same formatter, with its extra fields."""
    buffer = logs()

    logging.getLogger("aiokafka.consumer").warning("Heartbeat failed: %s", "again", extra={"partition": 3})

    (line,) = lines(buffer)
    assert (line["event"], line["level"], line["partition"]) == ("Heartbeat failed: again", "warning", 3)


@pytest.mark.parametrize("name", CHATTY)
def test_libraries_are_never_below_info(logs, name):
    """At level debug ours is shown and theirs is not built: it costs a quarter of the work."""
    logs(log_level="debug")

    assert logging.getLogger("newsworker").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)


def test_an_error_is_class_text_and_stack(logs):
    """An exception becomes one field that can be searched, on the same line."""
    buffer = logs()

    try:
        _ = 1 / 0
    except ZeroDivisionError:
        structlog.get_logger("newsworker.test").exception("failed")

    (line,) = lines(buffer)
    assert (line["error"]["class"], line["error"]["text"]) == ("ZeroDivisionError", "division by zero")
    assert "test_logging.py" in line["error"]["stack"]


def test_no_page_and_no_secret_gets_in(logs):
    """Whatever is handed to a logger, a line is short, bytes are counted and secrets covered."""
    buffer = logs()

    structlog.get_logger("newsworker.test").info("odd", text="p" * 1_000_000, body=b"<html>", kafka_password="tulip")
    logging.getLogger("faust").info("r" * 1_000_000)

    ours, theirs = lines(buffer)
    assert len(ours["text"]) < LONGEST_TEXT + 50
    assert (ours["body"], ours["kafka_password"]) == ("6 bytes", "***")
    assert len(theirs["event"]) < LONGEST_TEXT + 50


def test_people_get_lines_they_can_read(logs):
    """The console format is no JSON and has the event in it."""
    buffer = logs(log_format="console")

    structlog.get_logger("newsworker.test").warning("topics_note", note="one copy")

    assert "topics_note" in buffer.getvalue()
    assert "note=" in buffer.getvalue()


def test_a_flood_of_one_reason_is_sampled():
    """Ten a second are shown; the first of the next second says how many were not. Reasons don't share."""
    seconds = [0.0]
    sample = Sampler(lambda: seconds[0])

    def shown(reason):
        try:
            return sample(None, "info", {"event": "page_rejected", "reason": reason})
        except structlog.DropEvent:
            return None

    flood = [shown("empty") for _ in range(25)]
    other = shown("too_large")
    seconds[0] = 1.0
    after = [shown("empty"), shown("empty")]

    assert sum(event is not None for event in flood) == MOST_A_SECOND
    assert other == {"event": "page_rejected", "reason": "too_large"}
    assert after[0]["suppressed"] == 15
    assert "suppressed" not in after[1]


def test_only_rejected_pages_are_sampled():
    """Lifecycle events all come through, however many there are."""
    sample = Sampler(lambda: 0.0)

    assert {"event": "assigned"} == [sample(None, "info", {"event": "assigned"}) for _ in range(100)][-1]
