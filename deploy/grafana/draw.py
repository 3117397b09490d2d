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

HERE = Path(__file__).parent
VARIABLES = {"$__rate_interval": "10s", "$instance": ".+", "$memory_limit": str(1024**3)}
INCH = 0.75
"""Size of a cell of Grafana's grid, across; two thirds of it down."""

STEP_SECONDS = 1
LEGEND_LINES = 8


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
    figure = plt.figure(figsize=(24 * INCH, height * INCH * 0.6))
    for panel in board["panels"]:
        place = panel["gridPos"]
        top = 1 - place["y"] / height
        if panel["type"] == "row":
            figure.text(0.01, top - 0.6 / height, panel["title"], fontsize=13, weight="bold")
            continue
        axes = figure.add_axes(
            (
                place["x"] / 24 + 0.02,
                top - (place["h"] - 1.2) / height,
                place["w"] / 24 - 0.035,
                (place["h"] - 2.6) / height,
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
    axes.grid(alpha=0.3)
    shown, labels = axes.get_legend_handles_labels()
    axes.legend(shown[:LEGEND_LINES], labels[:LEGEND_LINES], fontsize=6, loc="upper left")


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
