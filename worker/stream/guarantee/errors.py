"""What can stop the layer, a class a reason.

GuaranteeError
├── GuaranteeNotKept      the configured guarantee can't be kept on this broker (configuration)
├── UnknownVersion        Faust or aiokafka is not the version the layer was proven with (configuration)
├── UndecodableState      a state record can't be read (configuration: a person has to look)
├── SourceRecreated       the position belongs to another source topic than there is (configuration)
├── Refused               the broker refuses records of a topic for good (configuration)
├── UnitTooLarge          one record changes more state than a state record holds
└── Stuck                 the broker did not answer in time; the outcome may be unknown
"""

from __future__ import annotations


class GuaranteeError(Exception):
    """The layer can't go on; the message says what to do."""


class GuaranteeNotKept(GuaranteeError):
    """The configured guarantee can't be kept on this broker."""


class UnknownVersion(GuaranteeError):
    """The layer was not proven with the installed version of a library it leans on."""


class UndecodableState(GuaranteeError):
    """A state record can't be read, so nothing may be built on it."""

    def __init__(self, topic: str, partition: int, offset: int, why: str) -> None:
        super().__init__(
            f"state record {topic}/{partition} at offset {offset} can't be read: {why}. "
            f"A later version may have written it: run that one; else look at it with "
            f"`newsworker state show {partition}:{offset}`."
        )
        self.topic, self.partition, self.offset = topic, partition, offset


class SourceRecreated(GuaranteeError):
    """The position belongs to another source topic than there is."""

    def __init__(self, topic: str, partition: int, why: str) -> None:
        super().__init__(
            f"source {topic}/{partition} is not the one its position belongs to: {why}. "
            "If the topic was made anew on purpose, name the new position: "
            f"`newsworker position set --partition {partition} --to beginning`."
        )


class Refused(GuaranteeError):
    """The broker refuses records of a topic for good: their size, our rights or a policy."""

    def __init__(self, topic: str, why: BaseException) -> None:
        super().__init__(
            f"the broker refuses records of {topic}: {why!r}. "
            "`newsworker topics check` tells what the topic lacks, `newsworker topics acls` which rights we need."
        )
        self.topic = topic


class UnitTooLarge(GuaranteeError):
    """One record changes more state than a state record can hold."""


class Stuck(GuaranteeError):
    """The broker did not answer in time; the next claim finds out what became of it."""
