"""Draw the dashboard from its own queries against a live Prometheus, where no Grafana can be had.

python deploy/grafana/draw.py ADDRESS TARGET.png [MINUTES]

Needs matplotlib (requirements/deploy.txt). A query without an answer is an error.
"""

import json
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, MaxNLocator

HERE = Path(__file__).parent
VARIABLES = {"$__rate_interval": "10s", "$instance": ".+", "$memory_limit": str(1024**3)}
INCH = 0.75
"""Size of a cell of Grafana's grid, across; three quarters of it down."""

STEP_SECONDS = 1
THOUSAND = 1000
LEGEND_NAMES, LEGEND_CELLS = 8, 1.7
"""Series that the legend names, and the room for it below the lines, in cells."""


def ranged(address: str, expr: str, seconds: float) -> list[dict]:
    """Return the series that answer a query over the last ``seconds``."""
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    now = time.time()
    asked = urllib.parse.urlencode({"query": expr, "start": now - seconds, "end": now, "step": STEP_SECONDS})
    with urllib.request.urlopen(f"http://{address}/api/v1/query_range?{asked}", timeout=20) as answer:
        return json.load(answer)["data"]["result"]


def named(legend: str, labels: dict) -> str:
    """Return a series' name as Grafana writes it."""
    for label, value in labels.items():
        legend = legend.replace(f"{{{{{label}}}}}", value)
    return legend


def draw(board: dict, address: str, target: Path, seconds: float) -> None:
    """Write the picture of the whole page.

    Raises:
        SystemExit: A query had no answer; the message names the panel.
    """
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"])
    figure = plt.figure(figsize=(24 * INCH, height * INCH * 0.75))
    for panel in board["panels"]:
        place = panel["gridPos"]
        top = 1 - place["y"] / height
        if panel["type"] == "row":
            figure.text(0.01, top - 0.6 / height, panel["title"], fontsize=13, weight="bold")
            continue
        axes = figure.add_axes(
            (
                place["x"] / 24 + 0.03,
                top - (place["h"] - 0.4 - LEGEND_CELLS) / height,
                place["w"] / 24 - 0.045,
                (place["h"] - 1.8 - LEGEND_CELLS) / height,
            )
        )
        _panel(axes, panel, address, seconds)
    figure.savefig(target, dpi=60)


def _panel(axes: Axes, panel: dict, address: str, seconds: float) -> None:
    unit = panel["fieldConfig"]["defaults"]["unit"]
    axes.set_title(f"{panel['title']}  [{unit}]", loc="left", fontsize=9)
    found = [
        (named(target["legendFormat"], series["metric"]), series["values"])
        for target in panel["targets"]
        for series in ranged(address, target["expr"], seconds)
    ]
    if not found:
        sys.exit(f"{panel['title']}: no answer")
    if panel["type"] == "stat":
        _stat(axes, found)
        return
    for legend, values in found:
        axes.plot([float(at) for at, _ in values], [float(value) for _, value in values], linewidth=1, label=legend)
    axes.set_xticks([])
    axes.tick_params(labelsize=7)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(EngFormatter(sep="") if axes.get_ylim()[1] > THOUSAND else "{x:g}")
    top = max(float(value) for _, values in found for _, value in values) or 1.0
    axes.set_ylim(-0.03 * top, 1.1 * top)  # a line at 0 shows above the frame
    axes.grid(alpha=0.3)
    _legend(axes)


def _legend(axes: Axes) -> None:
    """Name the first series below the lines, in as many columns as keep it to three rows."""
    shown, labels = axes.get_legend_handles_labels()
    names = min(len(labels), LEGEND_NAMES)
    axes.legend(
        shown[:names], labels[:names], fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(-0.02, 0),
        ncols=-(-names // 3), borderaxespad=0.2, handlelength=1, columnspacing=1, labelspacing=0.2,
    )  # fmt: skip


def _stat(axes: Axes, found: list[tuple[str, list]]) -> None:
    axes.axis("off")
    lines = [f"{float(values[-1][1]):.3g}  {legend}" for legend, values in found]
    axes.text(0.02, 0.5, "\n".join(lines), fontsize=13, va="center", transform=axes.transAxes)


if __name__ == "__main__":
    draw(
        json.loads((HERE / "newsworker.json").read_text(encoding="utf-8")),
        sys.argv[1],
        Path(sys.argv[2]),
        60 * float((*sys.argv, "5")[3]),
    )
