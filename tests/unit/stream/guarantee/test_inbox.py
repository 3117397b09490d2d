from worker.stream.guarantee.inbox import Budget, Inbox
from worker.stream.guarantee.records import Record


def record(offset: int, size: int = 0) -> Record:
    return Record("t", 0, offset, 1000 + offset, None, b"x" * size)


def test_records_come_out_in_the_order_they_went_in():
    """An inbox is a queue that ends in None."""
    inbox = Inbox(8, Budget(10_000))
    for offset in (3, 4, 5):
        inbox.put(record(offset))

    assert [3, 4, 5, None] == [r.offset if r else None for r in (inbox.pop() for _ in range(4))]


def test_an_inbox_is_full_at_its_limit():
    """So many records make the deliverer wait."""
    inbox = Inbox(2, Budget(10_000))
    inbox.put(record(0))
    one = inbox.is_full
    inbox.put(record(1))

    assert (False, True) == (one, inbox.is_full)


def test_bytes_are_counted_over_all_inboxes():
    """A partition with large pages fills the budget of its neighbours, who keep room for one record."""
    budget = Budget(1000)
    large, other = Inbox(8, budget), Inbox(8, budget)
    large.put(record(0, size=2000))
    empty = other.is_full
    other.put(record(0))

    assert (False, True) == (empty, other.is_full)


def test_taking_out_gives_the_bytes_back():
    """An inbox that was emptied leaves nothing on the budget."""
    budget = Budget(1000)
    inbox = Inbox(8, budget)
    inbox.put(record(0, size=2000))
    inbox.put(record(1, size=2000))
    inbox.pop()
    inbox.clear()

    assert (0, 0) == (budget.used, len(inbox))


def test_room_comes_back_at_half_the_limit():
    """A waiting deliverer is not woken for every single record."""
    inbox = Inbox(4, Budget(10_000))
    for offset in range(4):
        inbox.put(record(offset))
    inbox.room.clear()
    woken = []
    for _ in range(3):
        inbox.pop()
        woken.append(inbox.room.is_set())

    assert [False, True, True] == woken


def test_what_is_let_go_is_remembered_by_its_end():
    """The offset behind the last record that did not fit is what has to be read from the log."""
    inbox = Inbox(1, Budget(10_000))
    inbox.drop(record(7))
    inbox.drop(record(6))

    assert (8, True) == (inbox.let_go, inbox.bell.is_set())
