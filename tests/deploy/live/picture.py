"""Draw ``docs/dashboard.png`` from a worker under load: ``python -m tests.deploy.live.picture``."""

import subprocess

from tests.deploy.live import pages
from tests.deploy.live.scene import Scene
from tests.deploy.tools import ROOT, TOOLS

LOAD_SECONDS = 75.0


def main() -> None:
    """Play a scene under load and draw the page from its Prometheus."""
    with Scene() as scene:
        scene.start()
        scene.begin()
        with scene.feed(rate=25), scene.feed(pages.broken, rate=0.3):
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
