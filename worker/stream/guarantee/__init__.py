"""The guarantee: outputs, state and position of a Kafka partition as one atom, on a Faust app.

Knows Faust and Kafka, not news. Faust brings records and assigns partitions; everything that must not be
lost or repeated goes through here. `docs/guarantee.md` has the protocol on one page.
"""

from worker.stream.guarantee.abilities import Abilities, abilities, resolved
from worker.stream.guarantee.client import Client
from worker.stream.guarantee.errors import (
    GuaranteeError,
    GuaranteeNotKept,
    Refused,
    SourceRecreated,
    Stuck,
    UndecodableState,
    UnitTooLarge,
    UnknownVersion,
)
from worker.stream.guarantee.faust_app import App, check_versions, make_app, source_topic
from worker.stream.guarantee.inspecting import Verified, read_raw_state, read_state_record, verify_state
from worker.stream.guarantee.layers import EAGER, Stateful, Stateless
from worker.stream.guarantee.limits import Limits
from worker.stream.guarantee.observer import Cause, Observer, PartitionStatus, Phase, Result, Silent, Status
from worker.stream.guarantee.placing import (
    PositionRefused,
    place_state,
    refuse_while_running,
    set_group_position,
    set_position,
)
from worker.stream.guarantee.position import Position, StateTopic, offset_at, read_group_position, read_position
from worker.stream.guarantee.process import Running, run
from worker.stream.guarantee.records import Guarantee, Message, Record, State, Unit
from worker.stream.guarantee.trial import SpawnedTrial

__all__ = [
    "EAGER",
    "Abilities",
    "App",
    "Cause",
    "Client",
    "Guarantee",
    "GuaranteeError",
    "GuaranteeNotKept",
    "Limits",
    "Message",
    "Observer",
    "PartitionStatus",
    "Phase",
    "Position",
    "PositionRefused",
    "Record",
    "Refused",
    "Result",
    "Running",
    "Silent",
    "SourceRecreated",
    "SpawnedTrial",
    "State",
    "StateTopic",
    "Stateful",
    "Stateless",
    "Status",
    "Stuck",
    "UndecodableState",
    "Unit",
    "UnitTooLarge",
    "UnknownVersion",
    "Verified",
    "abilities",
    "check_versions",
    "make_app",
    "offset_at",
    "place_state",
    "read_group_position",
    "read_position",
    "read_raw_state",
    "read_state_record",
    "refuse_while_running",
    "resolved",
    "run",
    "set_group_position",
    "set_position",
    "source_topic",
    "verify_state",
]
