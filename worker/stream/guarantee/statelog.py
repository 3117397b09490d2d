"""How a record of the state topic is laid out.

    offset size field
         0    4 magic ``NWS1``
         4    1 kind: 1 a commit, 2 one part of a snapshot
         5    3 reserved, 0
         8    8 generation: raised when the position is set by hand
        16    8 position: the next source offset
        24    8 begin: the state-topic offset at which a reader must begin
        32   16 source: id of the source topic, zeros where the broker gives none
        48    8 snapshot: number of the snapshot that a part belongs to; 0 for a commit
        56    4 part, from 1; 0 for a commit
        60    4 parts; 0 for a commit, and for a part that is not the last
        64    – body: for each unit its length (4 bytes) and its packed changes

Big-endian. Kafka checks the bytes (CRC-32C a batch) and the producer compresses the batch, so there
is neither a sum nor a codec of our own. Readers refuse an unknown magic or kind.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

MAGIC = b"NWS1"
HEADER = struct.Struct(">4sB3xQqq16sQII")
_SIZE = struct.Struct(">I")

NO_SOURCE = bytes(16)
"""Stands for a source topic whose id is not known."""


class Kind(IntEnum):
    """What a state record is."""

    COMMIT = 1
    SNAPSHOT = 2


class NotAStateRecord(ValueError):
    """The bytes are no state record that this version reads."""


@dataclass(frozen=True, slots=True)
class StateRecord:
    """One record of the state topic."""

    kind: Kind
    generation: int
    position: int
    begin: int
    source: bytes = NO_SOURCE
    snapshot: int = 0
    part: int = 0
    parts: int = 0
    changes: tuple[bytes, ...] = ()

    @property
    def rank(self) -> tuple[int, int]:
        """Return what decides between two owners: (generation, position)."""
        return self.generation, self.position


def packed(record: StateRecord) -> bytes:
    """Return the bytes of ``record``. Pure."""
    header = HEADER.pack(
        MAGIC,
        record.kind,
        record.generation,
        record.position,
        record.begin,
        record.source,
        record.snapshot,
        record.part,
        record.parts,
    )
    return b"".join((header, *_framed(record.changes)))


def unpacked(value: bytes | None) -> StateRecord:
    """Return the record in ``value``. Pure.

    Raises:
        NotAStateRecord: The bytes are cut, damaged or of another version.
    """
    if value is None or len(value) < HEADER.size:
        raise NotAStateRecord(f"{len(value or b'')} bytes, a header has {HEADER.size}")
    magic, kind, generation, position, begin, source, snapshot, part, parts = HEADER.unpack_from(value)
    if magic != MAGIC:
        raise NotAStateRecord(f"begins with {magic!r}, not with {MAGIC!r}")
    try:
        kind = Kind(kind)
    except ValueError as error:
        raise NotAStateRecord(str(error)) from error
    changes = tuple(_changes(value))
    return StateRecord(kind, generation, position, begin, source, snapshot, part, parts, changes)


def _framed(changes: Iterable[bytes]) -> Iterator[bytes]:
    for change in changes:
        yield _SIZE.pack(len(change))
        yield change


def _changes(body: bytes) -> Iterator[bytes]:
    at = HEADER.size
    while at < len(body):
        if at + _SIZE.size > len(body):
            raise NotAStateRecord("the body is cut within a length")
        (size,) = _SIZE.unpack_from(body, at)
        at += _SIZE.size
        if at + size > len(body):
            raise NotAStateRecord(f"the body is cut: {size} bytes announced, {len(body) - at} left")
        yield body[at : at + size]
        at += size
