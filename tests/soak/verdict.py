"""What a soak shows: slopes after the warm-up. Pure."""

from collections.abc import Sequence
from statistics import linear_regression, median
from typing import NamedTuple

WARM_UP = 0.4
"""Share of the run that is not judged: caches fill, the state comes into balance."""

MAX_SLOPE = 0.01
"""Growth of resident memory an hour, as a share of its median, that counts as flat."""


class Sample(NamedTuple):
    """What the worker held at one moment."""

    at_seconds: float
    resident_bytes: float
    open_files: float
    series: float
    seen_keys: float
    pages_per_second: float
    cpu_seconds_per_page: float
    page_seconds_mean: float
    lag_records: float


class Verdict(NamedTuple):
    """What grew."""

    memory_slope_per_hour: float
    """Share of the median that resident memory grows in an hour."""

    resident_median_bytes: float
    series_growth: float
    """Series at the end, less those after the warm-up."""

    open_files_growth: float
    seen_keys_growth: float
    pages: float
    """Pages a second, median."""

    is_flat: bool


def verdict(samples: Sequence[Sample]) -> Verdict:
    """Return what grew after the warm-up.

    Raises:
        ValueError: There are too few samples to tell.
    """
    judged = samples[int(len(samples) * WARM_UP) :]
    if len(judged) < 5:
        raise ValueError(f"{len(judged)} samples after the warm-up are too few: soak for longer")
    hours = [sample.at_seconds / 3600 for sample in judged]
    middle = median(sample.resident_bytes for sample in judged)
    slope = linear_regression(hours, [sample.resident_bytes for sample in judged]).slope / middle
    first, last = judged[0], judged[-1]
    growth = last.series - first.series
    return Verdict(
        memory_slope_per_hour=round(slope, 5),
        resident_median_bytes=middle,
        series_growth=growth,
        open_files_growth=last.open_files - first.open_files,
        seen_keys_growth=last.seen_keys - first.seen_keys,
        pages=median(sample.pages_per_second for sample in judged),
        is_flat=slope < MAX_SLOPE and growth <= 0,
    )
