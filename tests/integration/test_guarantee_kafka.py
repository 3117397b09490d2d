import asyncio
import contextlib
import ctypes
import uuid

import pytest
from aiokafka.errors import IllegalOperation, InvalidProducerEpoch, ProducerFenced
from confluent_kafka import KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from tests.chaos.app import Seen
from tests.chaos.plan import Fault, timetable
from tests.chaos.run import Settings, chaos
from tests.kafka.log import values, write
from tests.kafka.stage import QUICK, Stage, claimed_and_closed
from worker.stream.guarantee import (
    Client,
    Guarantee,
    GuaranteeNotKept,
    Limits,
    Message,
    Record,
    Silent,
    SourceRecreated,
    SpawnedTrial,
    StateTopic,
    UndecodableState,
    Unit,
    abilities,
    offset_at,
    read_position,
    read_state_record,
    resolved,
    set_position,
    verify_state,
)
from worker.stream.guarantee.placing import PositionRefused
from worker.stream.guarantee.reader import LogReader
from worker.stream.guarantee.stateless import StatelessForm
from worker.stream.guarantee.writer import Confirming

pytestmark = pytest.mark.kafka


def pages(start: int, stop: int) -> list[bytes]:
    return [b"page-%04d" % n for n in range(start, stop)]


def stage_on(kafka, **changes) -> Stage:
    source, state, sink = kafka.topics("source", "state", "sink")
    return Stage(kafka.bootstrap, source, state, sink, **changes)


def described(stage: Stage) -> StateTopic:
    return StateTopic(stage.client, stage.source, stage.state, f"group-{stage.state}", stage.name)


@pytest.mark.parametrize("guarantee", ["exactly_once", "at_least_once"])
async def test_a_claim_goes_on_where_the_last_commit_ended(kafka, guarantee):
    """Two claims one after the other write each page once and remember all of them."""
    stage = stage_on(kafka, guarantee=Guarantee(guarantee))
    write(kafka.bootstrap, stage.source, pages(0, 50))
    await stage.catch_up()
    write(kafka.bootstrap, stage.source, pages(25, 80))
    await stage.catch_up()

    assert pages(0, 80) == values(kafka.bootstrap, stage.sink)
    assert 80 == len(stage.form.state.pages)


async def test_at_least_once_holds_on_the_embedded_broker(embedded):
    """Without transactions the same code writes outputs before state, and loses nothing."""
    stage = stage_on(embedded, guarantee=Guarantee.AT_LEAST_ONCE)
    write(embedded.bootstrap, stage.source, pages(0, 40))
    await stage.catch_up()
    write(embedded.bootstrap, stage.source, pages(20, 60))
    await stage.catch_up()

    assert pages(0, 60) == values(embedded.bootstrap, stage.sink)


async def test_auto_is_exactly_once_where_there_are_transactions(kafka):
    """Apache Kafka has transactions, and auto finds out."""
    assert await resolved(Guarantee.AUTO, Client(kafka.bootstrap), "probe") is Guarantee.EXACTLY_ONCE


async def test_auto_is_at_least_once_where_there_are_none(embedded):
    """The embedded broker has neither transactions nor idempotent producers, and auto says so."""
    client = Client(embedded.bootstrap)
    found = await abilities(client, "probe")

    assert (False, False) == (found.has_transactions, found.has_idempotence)
    assert await resolved(Guarantee.AUTO, client, "probe") is Guarantee.AT_LEAST_ONCE


async def test_exactly_once_is_refused_where_it_cannot_be_kept(embedded):
    """A named guarantee is kept or the start is refused with what to do."""
    with pytest.raises(GuaranteeNotKept, match="at_least_once"):
        await resolved(Guarantee.EXACTLY_ONCE, Client(embedded.bootstrap), "probe")


async def test_a_restored_state_equals_the_live_one(kafka):
    """A claim from nothing reads the same state that the former owner had in memory."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 300))
    await stage.catch_up()
    live = dict(stage.form.state.pages)
    found = await verify_state(described(stage), 0, Seen)

    assert live == found.restored.state.pages
    assert (300, None) == (found.restored.position, found.missing)


async def test_a_snapshot_bounds_what_a_claim_reads(kafka):
    """After a snapshot a reader begins there, and the state is whole all the same."""
    stage = stage_on(kafka, limits=Limits(commit_seconds=0.02, quiet_seconds=0.05, snapshot_bytes=2_000))
    for start in range(0, 400, 50):
        write(kafka.bootstrap, stage.source, pages(start, start + 50))
        await stage.catch_up()
    found = await verify_state(described(stage), 0, Seen)

    assert 0 < found.restored.begin
    assert (400, 400) == (len(found.restored.state.pages), found.restored.position)
    assert found.restored.taken < 8


async def test_a_kept_state_reads_only_what_is_new(kafka):
    """A partition that stays over a rebalance restores no record."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 30))
    await stage.catch_up()
    taken = stage.form.restored.taken
    write(kafka.bootstrap, stage.source, pages(30, 60))
    await stage.catch_up(keep=True)

    assert taken == stage.form.restored.taken
    assert pages(0, 60) == values(kafka.bootstrap, stage.sink)


FENCED = (ProducerFenced, InvalidProducerEpoch, IllegalOperation)
"""What a fenced producer raises: which of them, and at which step, depends on when its sender hears of it."""


async def _work(owner, records):
    """Do all that an owner does with records, up to the commit."""
    for record in records:
        await owner.add(owner.decide(record, is_fatal=False))
    await owner.commit(records[-1].offset + 1)


async def test_a_former_owner_writes_nothing_visible(kafka):
    """Once another claims the partition, what the former owner still sends ends in an error and is aborted."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 10))
    reader = LogReader(stage.client)
    zombie = await stage.make_form(reader)
    claim = await zombie.claim(lambda: False)
    async for record in reader.read(stage.source, 0, claim.position, 10):
        await zombie.add(zombie.decide(record, is_fatal=False))
    await stage.catch_up()
    with pytest.raises(FENCED):
        await zombie.commit(10)
    await _bury(zombie, reader)

    assert pages(0, 10) == values(kafka.bootstrap, stage.sink)


async def test_markers_of_a_transactional_source_are_no_holes(kafka):
    """Crawlers may write in transactions: their markers and aborted pages are passed over, uncounted."""
    stage = stage_on(kafka)
    crawler = Producer({"bootstrap.servers": kafka.bootstrap, "transactional.id": uuid.uuid4().hex, "log_level": 0})
    crawler.init_transactions(20)
    for n in range(6):
        crawler.begin_transaction()
        for page in pages(n * 10, n * 10 + 10):
            crawler.produce(stage.source, page, partition=0)
        crawler.abort_transaction(20) if n == 3 else crawler.commit_transaction(20)
    partition = await stage.catch_up()

    assert pages(0, 30) + pages(40, 60) == values(kafka.bootstrap, stage.sink)
    assert (0, 0) == (stage.refetched["log"], partition.status.lag)


async def test_pages_that_expired_are_counted_and_named(kafka):
    """What the log lost before it was read is counted, and the worker goes on."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 20))
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap, "log_level": 0})
    await stage.catch_up()
    write(kafka.bootstrap, stage.source, pages(20, 60))
    for future in admin.delete_records([TopicPartition(stage.source, 0, 45)]).values():
        future.result(20)
    await stage.catch_up()

    assert pages(0, 20) + pages(45, 60) == values(kafka.bootstrap, stage.sink)
    assert 25 == stage.refetched["log"]


async def test_an_undecodable_state_record_stops_the_claim(kafka):
    """A damaged record is named by topic, partition and offset, with the command to look at it."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 5))
    await stage.catch_up()
    write(kafka.bootstrap, stage.state, [b"not a state record"])
    with pytest.raises(UndecodableState, match=rf"{stage.state}/0 at offset \d+.*newsworker state show"):
        await stage.catch_up()


async def test_a_recreated_source_is_named(kafka):
    """Another topic under the old name has another id: its offsets mean nothing to the state."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 5))
    await stage.catch_up()
    await _recreate(kafka, stage.source)
    write(kafka.bootstrap, stage.source, pages(100, 140))
    with pytest.raises(SourceRecreated, match="newsworker position set"):
        await stage.catch_up()


async def test_a_position_set_by_hand_accepts_a_recreated_source(kafka):
    """After the operator named the new position, the stage goes on with the state it has."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 5))
    await stage.catch_up()
    await _recreate(kafka, stage.source)
    write(kafka.bootstrap, stage.source, pages(3, 8))
    await set_position(described(stage), 0, 0, guarantee=Guarantee.EXACTLY_ONCE)
    await stage.catch_up()

    assert pages(0, 8) == values(kafka.bootstrap, stage.sink)


async def test_a_lost_state_topic_is_noticed(kafka):
    """Where state is gone but the group was further, the stage says so and goes on from there."""
    stage = stage_on(kafka, hint=7)
    write(kafka.bootstrap, stage.source, pages(0, 12))
    await stage.catch_up()

    assert pages(7, 12) == values(kafka.bootstrap, stage.sink)
    assert "is empty" in stage.notices[0]


async def test_a_state_topic_made_anew_under_its_owner_is_filled_again(kafka):
    """An owner whose records suddenly begin at 0 again says so and writes the whole state."""
    stage = stage_on(kafka, guarantee=Guarantee.AT_LEAST_ONCE)
    write(kafka.bootstrap, stage.source, pages(0, 20))
    reader = LogReader(stage.client)
    owner = await stage.make_form(reader)
    await owner.claim(lambda: False)
    for stop in (5, 10, 15):
        await _process(owner, reader, stop - 5, stop)
    await _recreate(kafka, stage.state)
    await _process(owner, reader, 15, 20)
    await owner.close()
    await reader.close()
    found = await verify_state(described(stage), 0, Seen)

    assert "made anew" in stage.notices[0]
    assert (20, 20) == (len(found.restored.state.pages), found.restored.position)


async def test_a_log_that_ends_before_the_position_stops_the_claim(kafka):
    """Where the source lost its end, the position means nothing and the stage does not guess."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 3))
    reader = LogReader(stage.client)
    group = StatelessForm(
        stage.source,
        0,
        handler=lambda _: Unit(),
        quarantine=lambda _: Unit(),
        trial=None,
        stored=_seven,
        limits=QUICK,
        reader=reader,
        writer=Confirming(stage.client.producer(), Silent()),
    )
    with pytest.raises(SourceRecreated, match="its end is 3"):
        await group.claim(lambda: False)
    await group.close()
    await reader.close()


async def test_a_position_set_back_keeps_the_state(kafka):
    """Going back replays, and what is known stays a repeat."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 20))
    await stage.catch_up()
    await set_position(described(stage), 0, 5, guarantee=Guarantee.EXACTLY_ONCE)
    found = await read_position(described(stage), 0)
    await stage.catch_up()

    assert (5, 1) == (found.position, found.generation)
    assert pages(0, 20) == values(kafka.bootstrap, stage.sink)


async def test_a_position_set_back_with_a_cleared_state_writes_again(kafka):
    """With an empty state the replayed pages are new, here from the middle on."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 20))
    await stage.catch_up()
    await set_position(described(stage), 0, 15, guarantee=Guarantee.EXACTLY_ONCE, clear=True)
    await stage.catch_up()

    assert pages(0, 20) + pages(15, 20) == values(kafka.bootstrap, stage.sink)


async def test_setting_a_position_fences_a_running_owner(kafka):
    """A worker that runs when the position is set can't commit any more."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 10))
    reader = LogReader(stage.client)
    owner = await stage.make_form(reader)
    await owner.claim(lambda: False)
    await set_position(described(stage), 0, 4, guarantee=Guarantee.EXACTLY_ONCE)
    with pytest.raises(FENCED):
        await _work(owner, [record async for record in reader.read(stage.source, 0, 0, 10)])
    await _bury(owner, reader)

    assert [] == values(kafka.bootstrap, stage.sink)


async def test_a_position_outside_the_log_is_refused(kafka):
    """A typo does not become a recreated topic at the next start."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 3))
    with pytest.raises(PositionRefused, match="0 to 3"):
        await set_position(described(stage), 0, 99, guarantee=Guarantee.EXACTLY_ONCE)


async def test_a_time_becomes_an_offset(kafka):
    """A position may be named by time: the first record at or after it, or the end."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 3))

    assert 0 == await offset_at(stage.client, stage.source, 0, 0)
    assert 3 == await offset_at(stage.client, stage.source, 0, 4_102_444_800_000)


async def test_a_state_record_can_be_looked_at(kafka):
    """One record of the state topic is shown with its position, generation and source."""
    stage = stage_on(kafka)
    write(kafka.bootstrap, stage.source, pages(0, 3))
    await stage.catch_up()
    _, record = await read_state_record(stage.client, stage.state, 0, 0)

    assert (3, 0, 3) == (record.position, record.generation, len(record.changes))


def crash_on_poison(record: Record) -> None:
    """Die of a value as the parser might."""
    if record.value == b"poison":
        ctypes.string_at(0)


async def test_a_page_that_kills_the_interpreter_stops_nothing(kafka):
    """After a claim the records are tried in a child: the one that kills it is quarantined, the rest is done."""
    source, sink = kafka.topics("raw", "sink")
    write(kafka.bootstrap, source, [b"a", b"poison", b"b"])
    client = Client(kafka.bootstrap)
    reader = LogReader(client)

    def handle(record: Record) -> Unit:
        crash_on_poison(record)
        return Unit((Message(sink, None, record.value),))

    form = StatelessForm(
        source,
        0,
        handler=handle,
        quarantine=lambda record: Unit((Message(sink, None, b"quarantined " + (record.value or b"")),)),
        trial=SpawnedTrial(crash_on_poison),
        stored=_none,
        limits=QUICK,
        reader=reader,
        writer=Confirming(client.producer(enable_idempotence=True), Silent()),
    )
    await claimed_and_closed(Stage(kafka.bootstrap, source, "", sink), form, reader)
    await reader.close()

    assert [b"a", b"quarantined poison", b"b"] == values(kafka.bootstrap, sink)


def test_five_kills_lose_nothing_and_repeat_nothing(tmp_path):
    """Two workers with both stages are killed five times under load: every id is there, once."""
    steps = timetable([Fault.KILL] * 5, every=6.0, workers=2, brokers=1, seed=5)
    result = chaos(Settings(steps=steps), tmp_path, print)

    assert (0, 0, 0, False, 0) == tuple(result[k] for k in ("lost", "twice", "unexpected", "stuck", "hung")), result


def test_a_zombie_and_a_stop_lose_nothing_and_repeat_nothing(tmp_path):
    """A worker frozen past its session and thawed, and one stopped in order: every id is there, once."""
    steps = timetable([Fault.FREEZE, Fault.STOP], every=8.0, workers=2, brokers=1, seed=6)
    result = chaos(Settings(steps=steps), tmp_path, print)

    assert (0, 0, 0, False, 0) == tuple(result[k] for k in ("lost", "twice", "unexpected", "stuck", "hung")), result


async def _none(_: int) -> None:
    return None


async def _seven(_: int) -> int:
    return 7


async def _process(form, reader: LogReader, start: int, stop: int) -> None:
    """Do some records and commit, as the actor does."""
    async for record in reader.read(form.places.source, 0, start, stop):
        await form.add(form.decide(record, is_fatal=False))
    await form.commit(stop)
    await form.maintain()


async def _bury(form, reader: LogReader) -> None:
    """Close what a process that ends would just leave."""
    await form.abort()
    with contextlib.suppress(Exception):
        await form.close()
    await reader.close()


async def _recreate(kafka, topic: str) -> None:
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap, "log_level": 0})
    for future in admin.delete_topics([topic], operation_timeout=20).values():
        future.result(20)
    for _ in range(100):
        try:
            admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(20)
        except KafkaException:  # the deletion is still under way
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{topic} could not be made again")
