"""Carrying a state over to another number of partitions. **Pure**.

Sites move to other partitions, and a key is a digest that doesn't say whose it is. The pages still do: every
entry that is live was shown by a page within its TTL, so the retained split pages name all keys of each site,
and the entries are copied as they are. Nothing is decided again: order, expiry and what richer pages of the
time before brought all stay as they were.
"""

from schemas import SplitPage
from worker.dedupe.decide import keys_of
from worker.dedupe.entries import ENTRY, KEY_BYTES, changes
from worker.dedupe.state import State


def carried(page: SplitPage, former: State) -> bytes:
    """Return the changes that give another partition what ``former`` knows of the page's items.

    Applying those of every retained page of a site makes all that is known of it; pages may come in any order
    and more than once.

    Args:
        page: A page that the former partition took.
        former: That partition's state, as it was in the end.

    Raises:
        MalformedId: An id is not 32 hex digits.
    """
    keys, _ = keys_of(page)
    known = zip(range(0, len(keys), KEY_BYTES), former.find(keys), strict=True)
    live = (
        keys[at : at + KEY_BYTES] + ENTRY.pack(*entry)
        for at, entry in known
        if entry is not None and entry[2] > former.stream_time
    )
    return changes(former.stream_time, live)
