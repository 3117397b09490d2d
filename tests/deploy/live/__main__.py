"""Play all faults and quiet scenes, or those named, and bring their rows in ``docs/faults.md`` up to date.

python -m tests.deploy.live [NAME]...
"""

import sys
from pathlib import Path

import yaml

from benchmarks.record import machine
from tests.deploy.live.faults import FAULTS, QUIET, Fault, Quiet, calm, play
from tests.deploy.live.rules import FACTOR
from tests.deploy.live.scene import stamp
from tests.deploy.tools import ROOT

TARGET = ROOT / "docs" / "faults.md"


def main(names: list[str]) -> int:
    """Play, print a line a scene, and return how many did not go as they should."""
    wrong = 0
    for scene in (*FAULTS, *QUIET):
        if names and scene.name not in names:
            continue
        try:
            row, is_right = _played(scene)
        except (RuntimeError, OSError, AssertionError) as error:
            row, is_right = f"| {scene.name} | {scene.what} | not played: {error} |", False
        wrong += not is_right
        print("ok   " if is_right else "WRONG", row, flush=True)
        if is_right:
            _keep(scene.name, row)
    return wrong


def _played(scene: Fault | Quiet) -> tuple[str, bool]:
    """Return the row of a scene, and whether all went as it should."""
    when = f"{stamp()}, {machine()['commit']}"
    if isinstance(scene, Quiet):
        seen, _ = calm(scene)
        return f"| {scene.name} | {scene.what} | {_told(seen)} | {when} |", not seen
    seen, _ = play(scene)
    is_right = scene.expected <= seen.keys() <= scene.expected | scene.beside
    raised = {name: after for name, after in seen.items() if name in scene.expected}
    others = {name: after for name, after in seen.items() if name not in scene.expected}
    return f"| {scene.name} | {scene.what} | {_told(raised)} | {_told(others)} | {when} |", is_right


def _told(seen: dict[str, float]) -> str:
    return ", ".join(f"{name} after {after:.0f} s" if after >= 0 else name for name, after in seen.items()) or "none"


def _keep(name: str, row: str) -> None:
    """Put the row in its place in the page; those of other scenes stay."""
    rows = _rows(TARGET) | {name: row}
    faults = [rows[scene.name] for scene in FAULTS if scene.name in rows]
    quiet = [rows[scene.name] for scene in QUIET if scene.name in rows]
    TARGET.write_text(_page(faults, quiet), encoding="utf-8")


def _rows(page: Path) -> dict[str, str]:
    """Return the rows that the page has, by the scene's name."""
    names = {scene.name for scene in (*FAULTS, *QUIET)}
    lines = page.read_text(encoding="utf-8").splitlines() if page.exists() else []
    return {name: line for line in lines for name in (line.removeprefix("| ").split(" | ")[0],) if name in names}


def _page(faults: list[str], quiet: list[str]) -> str:
    return f"""# Faults and their alerts

After this page you know which alert tells of which fault, and what raises none.
Made by `python -m tests.deploy.live`, which plays the scenes with a real worker on real Apache Kafka, watched by
Prometheus and Alertmanager; with names of scenes it plays those and renews their rows.
Windows and waits of the rules are {FACTOR} times shorter than in production, those that compare with a week more, that
of stuck commits less; expressions and thresholds are the same.
"Raised" is what `amtool alert query` shows, with the seconds since the fault.
"Beside it" are alerts that tell the truth about a consequence; any other makes the scene fail.

## Faults

| fault | how it is injected | raised | beside it | played |
|---|---|---|---|---|
{chr(10).join(faults)}

{_without_scene()}

## Quiet scenes

| scene | what happens | raised | played |
|---|---|---|---|
{chr(10).join(quiet)}
"""


def _without_scene() -> str:
    """Tell which alerts no fault is expected to raise."""
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yml").read_text(encoding="utf-8"))
    alerts = [rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule]
    left = [alert for alert in alerts if not any(alert in fault.expected for fault in FAULTS)]
    return f"No scene raises {', '.join(left)}." if left else "Every alert of the rules has a scene that raises it."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
