"""When a commit is due, and how much may lie in memory before it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one layer. The first one reached makes a commit due."""

    commit_seconds: float = 1.0
    """Age of the oldest unit not yet committed; what a crash repeats is about rate times this. Positions are
    stored as the group's offsets twice as often: lag tools are behind by half of it and one request."""
    idle_seconds: float = 0.05
    """A partition that got nothing for so long lets go what it gathered. Between two records that Faust has at hand
    there are some ms: less, and every page makes a request of its own."""
    commit_records: int = 500
    """Units in one commit. `Stateless` tries twice as many records one by one after a claim."""
    commit_bytes: int = 768 << 10
    """Packed state changes in one commit: a state record must fit the largest request (1 MiB by default)."""
    inbox_records: int = 64
    """Records of one partition that wait for their turn; Faust's own buffer comes before it."""
    inbox_bytes: int = 32 << 20
    """Bytes of all partitions that wait for their turn."""
    part_bytes: int = 768 << 10
    """Largest part of a snapshot."""
    snapshot_seconds: float = 12 * 3600.0
    """A full snapshot is written at least so often, idle or not: half the state topic's retention."""
    snapshot_bytes: int = 16 << 20
    """A snapshot is due after so many bytes of changes, or after twice its own size: restore time is
    bounded by live keys, not by history."""
    quiet_seconds: float = 2.0
    """A partition that got nothing for so long is compared with the end of its log. Faust leaves a whole backlog
    out after 1 claim in 100 (11 of 1,046): progress waits for this and for one look."""
    held_seconds: float = 30.0
    """As `quiet_seconds`, for a partition whose records may stand behind those of a full inbox: one agent serves
    all. Faust holds 128 records, which is 10 s of large pages; without this a third of them was read twice."""
    look_seconds: float = 1.0
    """How often the ends of the logs are looked up."""
