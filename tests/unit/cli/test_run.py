import pytest
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from worker.cli.run import ending
from worker.ops.access import AccessError, Unreachable
from worker.ops.exits import ConfigurationError
from worker.stream.guarantee import (
    GuaranteeError,
    GuaranteeNotKept,
    PositionRefused,
    Refused,
    SourceRecreated,
    Stuck,
    UndecodableState,
    UnitTooLarge,
    UnknownVersion,
)
from worker.stream.guarantee.layer import exit_code

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


OF_THE_LAYER = [
    (GuaranteeNotKept("no transactions"), 78),
    (UnknownVersion("another Faust"), 78),
    (Refused("articles.v1", MessageSizeTooLargeError()), 78),
    (SourceRecreated("pages.split.v1", 0, "another id"), 78),
    (UndecodableState("state", 0, 7, "cut"), 78),
    (Stuck("no answer"), 75),
    (KafkaError("fenced"), 75),
    (UnitTooLarge("a page changes too much"), 70),
    (KeyError("x"), 70),
]


@pytest.mark.parametrize(("error", "code"), OF_THE_LAYER, ids=lambda told: type(told).__name__)
def test_a_partition_ends_the_worker_with_the_code_of_every_command(error, code):
    """Whether the layer or a command meets an error, the code is the same: 78 where only a person can help."""
    assert (code, code) == (exit_code(error), ending(error).code)


def test_every_error_of_the_layer_has_a_code():
    """An error added to the layer is added here, with what a supervisor should do."""
    assert set(GuaranteeError.__subclasses__()) <= {type(error) for error, _ in OF_THE_LAYER} | {PositionRefused}
