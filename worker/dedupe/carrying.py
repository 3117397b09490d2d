"""Carrying a state over to another number of partitions. **Pure**.

Sites move to other partitions, and a key is a digest that doesn't say whose it is. The pages still do: every
entry that is live was shown by a page within its TTL, so the retained split pages name all keys of each site,
and the entries are copied as they are. Nothing is decided again: order, expiry and what richer pages of the
time before brought all stay as they were.
"""

from schemas import SplitPage
from worker.dedupe.entries import KEY_BYTES, changes, end_of, entries_of, page_record
from worker.dedupe.marks import key_of
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
    page_key, keys = key_of(page.page_id), [key_of(teaser.teaser_id) for teaser in page.teasers]
    if page.article is not None:
        keys.append(key_of(page.article.article_id))
    now = former.stream_time
    entries = entries_of(former.find(b"".join(keys), KEY_BYTES))
    live = [key + entry for key, entry in zip(keys, entries, strict=True) if end_of(entry) > now]
    if (ends := former.page_end(page_key)) > now:
        live.append(page_record(page_key, ends))
    return changes(now, live)
