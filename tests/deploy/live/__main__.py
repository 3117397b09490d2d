"""Play all faults and quiet scenes, or those named, and write ``docs/faults.md``.

python -m tests.deploy.live [NAME]...
"""

import sys

from tests.deploy.live.faults import FAULTS, QUIET, calm, play
from tests.deploy.live.rules import FACTOR
from tests.deploy.live.scene import stamp
from tests.deploy.tools import ROOT

TARGET = ROOT / "docs" / "faults.md"


def main(names: list[str]) -> int:
    """Play, print a line a scene, and return how many did not go as they should."""
    lines, wrong = [], 0
    for scene in (*FAULTS, *QUIET):
        if names and scene.name not in names:
            continue
        try:
            line, is_right = _played(scene)
        except (RuntimeError, OSError, AssertionError) as error:
            line, is_right = f"| {scene.name} | {scene.what} | – | not played: {error} |", False
        wrong += not is_right
        print("ok   " if is_right else "WRONG", line, flush=True)
        lines.append(line)
    if not names:
        TARGET.write_text(_page(lines), encoding="utf-8")
    return wrong


def _played(scene) -> tuple[str, bool]:
    if scene in QUIET:
        seen, _ = calm(scene)
        return f"| {scene.name} | {scene.what} | none | {_told(seen)} |", not seen
    seen, _ = play(scene)
    is_right = scene.expected <= seen.keys() <= scene.expected | scene.beside
    return f"| {scene.name} | {scene.what} | {', '.join(sorted(scene.expected))} | {_told(seen)} |", is_right


def _told(seen: dict[str, float]) -> str:
    return ", ".join(f"{name} {after:.0f} s" if after >= 0 else name for name, after in seen.items()) or "none"


def _page(lines: list[str]) -> str:
    return (
        f"""# Faults and their alerts

After this page you know which alert tells of which fault.
Played {stamp()} by `python -m tests.deploy.live`: a real worker on real Apache Kafka, watched by Prometheus
and Alertmanager, with windows and waits {FACTOR} times shorter than in production.
"Active" is what `amtool alert query` shows, with seconds since the fault.

| scene | what happens | must show | active |
|---|---|---|---|
"""
        + "\n".join(lines)
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
