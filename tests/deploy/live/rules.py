"""The rules in a hurry: windows and waits are divided, everything else stays. Pure.

Expressions, thresholds in shares and records, labels and texts are those of production, so what fires here
fires there, only sooner.
"""

import re

import yaml

FACTOR = 30
"""A production minute is two seconds: with a scrape a second, the shortest window (5 m) still has ten samples."""

PACES = {"NewsworkerFieldMissing": 120, "NewsworkerDedupeOdd": 90, "NewsworkerCommitStuck": 10}
"""Rules that compare hours with days are played quicker: an hour is half a minute. Stuck commits are played slower:
a worker waits 15 s for each, whatever the windows are."""

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
UNHURRIED = {"NewsworkerRebalancing", "NewsworkerRestarting"}
"""A rebalance and a start take their seconds whatever the windows are."""


def hurried(text: str, factor: int = FACTOR) -> str:
    """Return the rules file with its times divided by ``factor``, or by the alert's own pace."""
    rules = yaml.safe_load(text)
    for group in rules["groups"]:
        for rule in group["rules"]:
            if rule.get("alert") in UNHURRIED:
                continue
            pace = PACES.get(rule.get("alert"), factor)
            rule["expr"] = _expr(rule["expr"], pace)
            if "for" in rule:
                rule["for"] = _span(rule["for"], pace)
    return yaml.safe_dump(rules, sort_keys=False, width=1000)


def _expr(expr: str, factor: int) -> str:
    expr = re.sub(r"\[(\w+)(?::(\w+))?\]", lambda found: _range(found, factor), expr)
    # Ages are compared in seconds: `time() - ..._timestamp_seconds > 300`. Those under a minute are no waits.
    expr = re.sub(
        r"(_timestamp_seconds [<>] )(\d+)", lambda found: f"{found[1]}{max(2, int(found[2]) // factor)}", expr
    )
    # A count in a window is divided as the window is.
    return re.sub(r"(teasers_total\[\w+\]\)\) > )(\d+)", lambda found: f"{found[1]}{int(found[2]) // factor}", expr)


def _range(found: re.Match[str], factor: int) -> str:
    step = f":{_span(found[2], factor)}" if found[2] else ""
    return f"[{_span(found[1], factor)}{step}]"


def _span(text: str, factor: int) -> str:
    seconds = int(text[:-1]) * UNITS[text[-1]]
    return f"{max(1, seconds // factor)}s"
