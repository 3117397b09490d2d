"""Kill workers and brokers under load and count: ``python -m tests.chaos --kills 50 --workers 2 --seed 1``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from tests.chaos.plan import Fault, mixed, patient, timetable
from tests.chaos.run import Settings, chaos
from tests.kafka.jars import POM


def arguments() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=5, help="faults in all")
    parser.add_argument("--faults", default="kill", help="mixed, or names of faults to repeat, comma separated")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--brokers", type=int, default=0, help="default: 3 for mixed faults, else 1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=9.0, help="mean seconds between faults")
    parser.add_argument("--rate", type=float, default=80.0, help="pages a second")
    parser.add_argument("--session", type=float, default=6.0, help="session timeout, seconds")
    parser.add_argument("--keys", type=int, default=0, help="keys that each partition knows before")
    parser.add_argument("--target", default="layer", choices=["layer", "worker"], help="what is killed")
    parser.add_argument("--network", default="proxy", choices=["proxy", "namespace"], help="what a cut cuts")
    parser.add_argument("--patient", action="store_true", help="most faults wait until the one before is overcome")
    parser.add_argument("--minutes", type=float, default=600.0, help="no fault comes later than that")
    parser.add_argument("--forked", action="store_true", help="fork workers: a start costs little")
    parser.add_argument("--guarantee", default="exactly_once")
    parser.add_argument("--stages", default="split,dedupe")
    parser.add_argument("--out", type=Path, help="folder for result and logs; default: a new one")
    return parser.parse_args()


def main() -> int:
    """Run once; 0 where nothing was lost, nothing is there twice and nobody hangs."""
    asked = arguments()
    folder = asked.out or Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    names = [Fault(name) for name in asked.faults.split(",")] if asked.faults != "mixed" else []
    faults = (names * asked.kills)[: asked.kills] if names else mixed(asked.kills, asked.seed)
    brokers = asked.brokers or (1 if names else 3)
    steps = timetable(faults, every=asked.every, workers=asked.workers, brokers=brokers, seed=asked.seed)
    steps = patient(steps) if asked.patient else steps
    settings = Settings(
        steps=steps,
        workers=asked.workers,
        brokers=brokers,
        rate=asked.rate,
        session_seconds=asked.session,
        keys=asked.keys,
        target=asked.target,
        stages=asked.stages,
        guarantee=asked.guarantee,
        minutes=asked.minutes,
        network=asked.network,
        forked=asked.forked and asked.network == "proxy",
        seed=asked.seed,
    )
    began = time.monotonic()
    result = chaos(settings, folder, lambda line: print(f"{time.monotonic() - began:8.1f} {line}", flush=True))
    result |= {"faults_of": asked.faults, "versions": _versions(), "logs": str(folder)}
    (folder / "result.json").write_text(json.dumps(result, indent=1, default=str))
    print(json.dumps(result, default=str))
    return 0 if result["clean"] and not result["hung"] else 1


def _versions() -> dict[str, str]:
    kafka = POM.read_text().split("<kafka.version>")[1].split("<")[0]
    libraries = ("faust-streaming", "aiokafka", "mode-streaming")
    return {"kafka": kafka, "python": sys.version.split()[0], **{name: version(name) for name in libraries}}


if __name__ == "__main__":
    sys.exit(main())
