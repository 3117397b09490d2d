"""Known vulnerabilities of what the worker's lock names, looked up by pip-audit.

`python -m tests.deploy.audit [--osv-url URL]` asks PyPI's advisories, or an OSV service. pip-audit calls it a
success when it could look nothing up; here that is *not run*: exit code 75. 0 is clean, 1 names what is not.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.tools import ROOT, ran, said

LOCK = ROOT / "requirements" / "worker.txt"
CLEAN, VULNERABLE, NOT_RUN = 0, 1, 75


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit came to."""

    looked_up: int
    """Packages whose advisories were read."""
    unknown: tuple[str, ...]
    """Packages that nobody could look up."""
    vulnerable: tuple[str, ...]
    """A line each: package, version, advisory, versions that mend it."""

    @property
    def code(self) -> int:
        """Return the exit code. What is known to be bad comes first."""
        return VULNERABLE if self.vulnerable else NOT_RUN if self.unknown or not self.looked_up else CLEAN

    def told(self) -> str:
        """Return the lines for people."""
        total = self.looked_up + len(self.unknown)
        head = {CLEAN: "clean", VULNERABLE: "vulnerable", NOT_RUN: "not run: no advisories to be had"}[self.code]
        return "\n".join((f"audit {head}; {self.looked_up} of {total} packages looked up", *self.vulnerable))


def verdict(report: str) -> Verdict:
    """Return what pip-audit's JSON says. Pure."""
    packages = json.loads(report)["dependencies"]
    return Verdict(
        sum("skip_reason" not in package for package in packages),
        tuple(package["name"] for package in packages if "skip_reason" in package),
        tuple(
            f"  {package['name']} {package['version']}: {found['id']}, mended in {', '.join(found['fix_versions'])}"
            for package in packages
            for found in package.get("vulns", ())
        ),
    )


def audited(lock: Path, *options: str) -> Verdict | str:
    """Return the verdict on a lock, or what pip-audit said where it gave no report."""
    done = ran("pip-audit", "--require-hashes", "--disable-pip", "-r", lock, "-f", "json", *options)
    try:
        return verdict(done.stdout)
    except (ValueError, KeyError):
        return said(done)


if __name__ == "__main__":
    found = audited(LOCK, *(("-s", "osv", *sys.argv[1:]) if len(sys.argv) > 1 else ()))
    if isinstance(found, str):
        print(f"audit not run: no advisories to be had\n{found[-600:]}")
        sys.exit(NOT_RUN)
    print(found.told())
    sys.exit(found.code)
