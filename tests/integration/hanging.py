"""``newsworker run`` with a fault in it: the core never comes back from a page whose address ends in ``/hang``.

Run as a process of its own by the test of a hung agent; nothing in the worker can be made to hang from outside.
"""

import time

from schemas import RawPage, SplitPage
from worker.cli.main import main
from worker.extract import split_page
from worker.stream import split_stage

FOR_EVER_SECONDS = 3600.0


def hanging(page: RawPage, *limits: object) -> SplitPage:
    """Split the page, or hang."""
    if (page.url or "").endswith("/hang"):
        time.sleep(FOR_EVER_SECONDS)  # the fault itself; the test kills the process
    return split_page(page, *limits)


if __name__ == "__main__":
    split_stage.split_page = hanging
    main()
