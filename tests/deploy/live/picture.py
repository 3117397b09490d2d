"""Draw ``docs/dashboard.png`` from a worker under load: ``python -m tests.deploy.live.picture``."""

import subprocess

from tests.deploy.live import pages
from tests.deploy.live.faults import LISTED
from tests.deploy.live.scene import Scene
from tests.deploy.tools import ROOT, TOOLS

LOAD_SECONDS = 75.0
PAGES_A_SECOND, BROKEN_A_SECOND = 10.0, 0.1


def main() -> None:
    """Play a scene under load and draw the page from its Prometheus."""
    with Scene(**LISTED) as scene:
        scene.start()
        scene.begin()
        with scene.feed(rate=PAGES_A_SECOND), scene.feed(pages.broken, rate=BROKEN_A_SECOND):
            scene.watch(LOAD_SECONDS)
            subprocess.run(
                [
                    TOOLS / "python",
                    ROOT / "deploy/grafana/draw.py",
                    scene.prometheus.address,
                    ROOT / "docs/dashboard.png",
                    "1",
                ],
                check=True,
            )


if __name__ == "__main__":
    main()
