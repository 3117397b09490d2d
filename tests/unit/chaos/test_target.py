"""What the chaos runs read from the logs of workers that they killed."""

import pytest

from tests.chaos.target import LayerTarget


@pytest.mark.parametrize(
    "line",
    [
        "NOTE 1795754586.286 dedupe claim 32026-11-27 04:43:06,285 INFO aiokafka Elected group leader",
        "NOTE 1795758697.7032026-11-27 05:51:37,703 WARNING aiokafka Heartbeat failed",
        "NOTE 1795758697.703 split claim 3 0.238 0",
    ],
)
def test_a_line_torn_by_a_kill_is_no_claim(line):
    """The next process writes on where the killed one was cut off."""
    assert LayerTarget.claim_in(None, line) is None


def test_a_whole_line_is_one():
    """With its time and its partition."""
    assert (1795754223.161, 3) == LayerTarget.claim_in(None, "NOTE 1795754223.161 dedupe claim 3 0.238 0")
