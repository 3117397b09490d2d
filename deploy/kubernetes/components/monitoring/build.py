"""Write ``prometheusrule.yaml`` from the rules that every installation uses.

python deploy/kubernetes/components/monitoring/build.py
"""

from pathlib import Path

import yaml

HERE = Path(__file__).parent
RULES = HERE.parents[2] / "prometheus" / "rules.yml"
TARGET = HERE / "prometheusrule.yaml"
NOTE = "# Generated from deploy/prometheus/rules.yml: python deploy/kubernetes/components/monitoring/build.py\n"


def rendered() -> str:
    """Return the file's text."""
    rule = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "newsworker"},
        "spec": yaml.safe_load(RULES.read_text(encoding="utf-8")),
    }
    return NOTE + yaml.safe_dump(rule, sort_keys=False, width=1000)


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8")
