"""``newsworker run`` with a bug planted: every tenth page is done and not counted.

Run as a process of its own by the scene of lost pages: what the books miss is a bug of ours, and nothing outside the
worker can make one.
"""

from itertools import count

from worker.cli.main import main
from worker.ops.metrics import Metrics
from worker.ops.names import Stage

count_page = Metrics._done
ended = count(1)


def forgetful(metrics: Metrics, stage: Stage, *page: object) -> None:
    """Count the page, or take it out of those in flight and forget it."""
    if next(ended) % 10:
        count_page(metrics, stage, *page)
    else:
        metrics._in_flight[stage].dec()


if __name__ == "__main__":
    Metrics._done = forgetful
    main()
