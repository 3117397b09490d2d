"""Draw a soak's JSON as a picture: ``draw.py soak.json soak.png``; needs matplotlib (requirements/deploy.txt)."""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

PANELS = (
    ("resident_bytes", "resident memory, MB", 1e-6),
    ("seen_keys", "entries of the state", 1),
    ("page_seconds_mean", "dedupe: received to committed, s", 1),
    ("open_files", "open files", 1),
    ("series", "series", 1),
    ("pages_per_second", "pages a second", 1),
)

ROOM = 1.15
"""Height of an axis, by its greatest value: from 0, so that a rise looks as large as it is."""


def draw(result: dict, target: Path) -> None:
    """Write the picture."""
    minutes = [sample["at_seconds"] / 60 for sample in result["samples"]]
    figure, axes = plt.subplots(2, 3, figsize=(14, 6), constrained_layout=True)
    for axis, (name, title, factor) in zip(axes.flat, PANELS, strict=True):
        values = [sample[name] * factor for sample in result["samples"]]
        axis.plot(minutes, values, linewidth=1.2)
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_ylim(0, ROOM * max(values))
        axis.set_xlabel("minutes")
        axis.grid(alpha=0.3)
    slope = result["memory_slope_per_hour"]
    figure.suptitle(f"{result['minutes']:g} minutes at {result['rate']:g} pages a second; memory {slope:+.2%} an hour")
    figure.savefig(target, dpi=90)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
