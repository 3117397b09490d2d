import pytest

from worker.cli.run import ending
from worker.ops.access import AccessError, Unreachable
from worker.ops.exits import ConfigurationError

ENDS = [
    (ConfigurationError("a topic is missing"), 78),
    (AccessError("the certificate has expired"), 78),
    (Unreachable("no broker answers"), 75),
    (OSError(24, "Too many open files"), 75),
    (KeyError("x"), 70),
]


@pytest.mark.parametrize(("error", "code"), ENDS, ids=str)
def test_a_worker_ends_with_a_code_that_its_supervisor_knows(error, code):
    """Whatever ends a worker, the code is 70, 75 or 78: 1 would say that a command did only some of its work."""
    assert code == ending(error).code
