"""The guarantee protocol as a model small enough to visit every state it can reach. Pure.

One partition, a broker with one transactional id, two owners. Each step below is one that the layer or the
broker really takes on its own; between any two of them the other owner may act, an owner may crash, be frozen
(then it just does not step for a while) or come back from the dead with what it still holds in its hands.

    broker   epoch of the id, the open transaction, what is visible, the state topic
    owner    gone -> fenced -> live -> asked (a commit is on its way) -> live | gone

Without transactions a send is visible at once and the state record is a send of its own. `Rules` can leave
out one rule at a time: a model whose laws can't be broken says nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

SOURCE = 3
"""Records in the source: enough for a commit, a second one and one that never comes."""

CLAIMS = 3
"""Claims in all: the first owner, its successor, and one that takes over from both."""

Phase = Literal["gone", "fenced", "live", "asked", "written"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The protocol; each False leaves a rule out."""

    transactions: bool = True
    fences: bool = True
    """A claim raises the epoch before it reads."""
    outputs_first: bool = True
    """Without transactions: outputs are confirmed before the state record is sent."""
    skips_late: bool = True
    """A state record that does not lead further is skipped."""
    dies_of_doubt: bool = True
    """A commit without an answer ends the owner; else it goes on as if it had failed."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One process that had the partition at some time."""

    phase: Phase = "gone"
    epoch: int = 0
    saved: int = 0
    """Position of the last atom it knows of."""
    next: int = 0
    """Source offset it processes next."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is."""

    owners: tuple[Owner, Owner] = (Owner(), Owner())
    epoch: int = 0
    open: tuple[int, ...] | None = None
    """Outputs in the open transaction; None where none is open."""
    visible: tuple[int, ...] = ()
    """Outputs that a read_committed reader sees, in order."""
    states: tuple[tuple[int, int], ...] = ()
    """State records: (from, position), the source records whose changes each carries."""
    claims: int = 0


def restored(states: tuple[tuple[int, int], ...], rules: Rules) -> tuple[int, frozenset[int]]:
    """Return position and remembered records as a claim reads them."""
    position, remembered = 0, frozenset[int]()
    for start, end in states:
        if rules.skips_late and end <= position:
            continue
        position, remembered = end, remembered | frozenset(range(start, end))
    return position, remembered


def steps(world: World, rules: Rules) -> Iterator[tuple[str, World]]:
    """Yield every step that can come next, with the world after it."""
    for number in (0, 1):
        for name, after in _owner_steps(world, number, rules):
            yield f"{name} {number}", after


def _owner_steps(world: World, number: int, rules: Rules) -> Iterator[tuple[str, World]]:
    owner = world.owners[number]
    if owner.phase != "gone":
        yield "crash", _with(world, number, Owner())
    match owner.phase:
        case "gone":
            if world.claims < CLAIMS:
                yield "claim", _claim(world, number, rules)
        case "fenced":
            position, _ = restored(world.states, rules)
            yield "restore", _with(world, number, replace(owner, phase="live", saved=position, next=position))
        case "live":
            if owner.next < SOURCE:
                yield "process", _process(world, number, rules)
            if owner.next > owner.saved:
                yield from _ask(world, number, rules)
        case "asked" | "written":
            yield from _answers(world, number, rules)


def _claim(world: World, number: int, rules: Rules) -> World:
    world = replace(world, claims=world.claims + 1)
    if rules.transactions and rules.fences:
        world = replace(world, epoch=world.epoch + 1, open=None)
    return _with(world, number, Owner("fenced", world.epoch))


def _process(world: World, number: int, rules: Rules) -> World:
    owner = world.owners[number]
    done = replace(owner, next=owner.next + 1)
    if not rules.transactions:
        return _with(replace(world, visible=(*world.visible, owner.next)), number, done)
    if owner.epoch != world.epoch:
        return _with(world, number, Owner())  # fenced: it learns of it and ends
    return _with(replace(world, open=(*(world.open or ()), owner.next)), number, done)


def _ask(world: World, number: int, rules: Rules) -> Iterator[tuple[str, World]]:
    """Send the commit: it reaches the broker, or it never does."""
    owner = world.owners[number]
    yield "ask, not heard", _with(world, number, replace(owner, phase="asked"))
    if not rules.transactions:
        # The outputs of `process` are confirmed; only now the state record goes out.
        states = (*world.states, (owner.saved, owner.next))
        yield "ask", _with(replace(world, states=states), number, replace(owner, phase="written"))
    elif owner.epoch == world.epoch:
        after = replace(
            world,
            visible=world.visible + (world.open or ()),
            states=(*world.states, (owner.saved, owner.next)),
            open=None,
        )
        yield "ask", _with(after, number, replace(owner, phase="written"))


def _answers(world: World, number: int, rules: Rules) -> Iterator[tuple[str, World]]:
    """The answer comes, or the owner waits in vain: then it can't know whether it was heard."""
    owner = world.owners[number]
    if owner.phase == "written":
        yield "answer", _with(world, number, replace(owner, phase="live", saved=owner.next))
    if rules.dies_of_doubt:
        yield "no answer", _with(world, number, Owner())
    else:
        yield "no answer", _with(world, number, replace(owner, phase="live", next=owner.saved))


def _with(world: World, number: int, owner: Owner) -> World:
    owners = (owner, world.owners[1]) if number == 0 else (world.owners[0], owner)
    return replace(world, owners=owners)


def early_state(world: World, rules: Rules) -> Iterator[tuple[str, World]]:
    """Yield the steps of a wrong form without transactions: the state record goes out before the outputs."""
    for number, owner in enumerate(world.owners):
        if owner.phase == "live" and owner.next < SOURCE and not rules.outputs_first:
            states = (*world.states, (owner.next, owner.next + 1))
            ahead = replace(owner, phase="live", saved=owner.next, next=owner.next)
            yield f"state first {number}", _with(replace(world, states=states), number, ahead)


def broken_law(world: World, rules: Rules) -> str | None:
    """Return what is wrong with a world; None where the guarantee holds in it."""
    position, remembered = restored(world.states, rules)
    if remembered != frozenset(range(position)):
        return f"position {position}, but the state remembers {sorted(remembered)}"
    if rules.transactions and world.visible != tuple(range(position)):
        return f"position {position}, but {world.visible} is visible"
    if not rules.transactions and not set(range(position)) <= set(world.visible):
        return f"position {position}, but only {sorted(set(world.visible))} came out"
    return None


@dataclass(frozen=True, slots=True)
class Visited:
    """What a search over all worlds found."""

    worlds: int
    broken: str | None
    path: tuple[str, ...]
    """Steps to the first broken world, shortest first; () where there is none."""


def search(rules: Rules) -> Visited:
    """Visit every world that can be reached, nearest first, until one breaks a law."""
    start = World()
    came: dict[World, tuple[World, str] | None] = {start: None}
    queue = deque([start])
    while queue:
        world = queue.popleft()
        wrong = broken_law(world, rules)
        if wrong is not None:
            return Visited(len(came), wrong, _path(came, world))
        for name, after in (*steps(world, rules), *early_state(world, rules)):
            if after not in came:
                came[after] = (world, name)
                queue.append(after)
    return Visited(len(came), None, ())


def _path(came: dict[World, tuple[World, str] | None], world: World) -> tuple[str, ...]:
    names = []
    while (before := came[world]) is not None:
        world, name = before
        names.append(name)
    return tuple(reversed(names))
