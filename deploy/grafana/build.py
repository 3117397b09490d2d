"""Write ``newsworker.json`` from ``panels.py``.

python deploy/grafana/build.py

The JSON is for Grafana 11 and later. It names no data source: the variable `datasource` does.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # a script beside its table, not a package

from panels import ANNOTATIONS, MEMORY_LIMIT_BYTES, ROWS, Panel, Query  # noqa: E402 - needs the path above

TARGET = HERE / "newsworker.json"
UID = "newsworker"
COLUMNS = 24
"""Width of Grafana's grid."""

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
Json = dict[str, Any]


def dashboard() -> Json:
    """Return the whole page."""
    return {
        "uid": UID,
        "title": "newsworker",
        "description": "Is the worker well, and if not, where? Runbook: docs/operations.md.",
        "tags": ["newsworker"],
        "schemaVersion": 41,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "timepicker": {"refresh_intervals": ["10s", "30s", "1m", "5m"]},
        "timezone": "utc",
        "templating": {"list": list(_variables())},
        "annotations": {"list": [_annotation(*mark) for mark in ANNOTATIONS]},
        "panels": list(_placed()),
        "links": [],
    }


def _variables() -> Iterator[Json]:
    yield {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "refresh": 1}
    yield {
        "name": "instance",
        "label": "Instance",
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": "label_values(newsworker_ready, instance)", "refId": "instance"},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "current": {"text": ["All"], "value": ["$__all"]},
    }
    limit = str(MEMORY_LIMIT_BYTES)
    yield {
        "name": "memory_limit",
        "label": "Memory limit in bytes",
        "type": "textbox",
        "query": limit,
        "current": {"text": limit, "value": limit},
    }


def _annotation(name: str, colour: str, text: str, expr: str) -> Json:
    return {
        "name": name,
        "datasource": SOURCE,
        "enable": True,
        "iconColor": colour,
        "expr": expr,
        "titleFormat": name,
        "textFormat": text,
        "useValueForTime": True,
        "step": "60s",
    }


def _placed() -> Iterator[Json]:
    """Yield rows and panels with their places and ids, from the top left."""
    number, y = 1, 0
    for row in ROWS:
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1},
        }
        y += 1
        x = 0
        for index, panel in enumerate(row.panels):
            width = (COLUMNS - x) // (len(row.panels) - index)
            number += 1
            yield _panel(panel, number, {"x": x, "y": y, "w": width, "h": row.height})
            x += width
        number += 1
        y += row.height


def _panel(panel: Panel, number: int, place: Json) -> Json:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [_target(query, "ABCDE"[index]) for index, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _field(panel), "overrides": []},
        "options": _options(panel),
    }


def _target(query: Query, letter: str) -> Json:
    return {
        "refId": letter,
        "datasource": SOURCE,
        "expr": query.expr,
        "legendFormat": query.legend,
        "range": True,
        "format": "heatmap" if query.as_heatmap else "time_series",
    }


def _field(panel: Panel) -> Json:
    steps = [{"color": colour, "value": value or None} for colour, value in panel.limits]
    made: Json = {
        "unit": panel.unit,
        "color": {"mode": "thresholds" if panel.kind == "stat" else "palette-classic"},
        "thresholds": {"mode": "absolute", "steps": steps or [{"color": "green", "value": None}]},
    }
    if panel.kind == "timeseries":
        made["custom"] = {
            "drawStyle": "line",
            "axisSoftMin": 0,
            "fillOpacity": 20 if panel.is_stacked else 5,
            "showPoints": "never",
            "stacking": {"mode": "normal" if panel.is_stacked else "none"},
        }
    return made


def _options(panel: Panel) -> Json:
    if panel.kind == "stat":
        return {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "colorMode": "value",
            "graphMode": "area",
            "textMode": "value_and_name",
        }
    if panel.kind == "heatmap":
        return {"calculate": False, "yAxis": {"unit": panel.unit}, "color": {"mode": "scheme", "scheme": "Oranges"}}
    return {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


def rendered() -> str:
    """Return the file's text."""
    return json.dumps(dashboard(), indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8")
