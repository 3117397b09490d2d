"""The catalogue of metrics as a page of the documentation. Pure."""

from worker.ops.catalogue import CATALOGUE, Metric

HEAD = """\
# Metrics

What the worker exports on `/metrics`, and when each number moves.
Made by `newsworker config metrics`; a test fails when it is stale.

Every series that can occur exists from the first scrape, with 0; those of a partition go when it goes.
Counters of one law move together: received = accepted + repeat + rejected + in flight for each stage, and items found = the sum of decisions.
`topic` is the registry's name, without an installation's prefix.
Only the stages that a process runs have series in it.
A process has under 400 series, 2 more a partition, and 8 more for each site of `NEWSWORKER_SITES` and for `other`; the client's `process_*` and `python_*` stand beside these.

| name | type | labels | meaning |
|---|---|---|---|
"""  # noqa: E501 - one sentence a line


def as_markdown() -> str:
    """Return the page ``docs/metrics.md``."""
    return HEAD + "".join(_row(row) for row in CATALOGUE)


def _row(row: Metric) -> str:
    labels = "; ".join(_label(row, name) for name in row.labels) or "–"
    meaning = row.meaning.replace("|", "\\|")
    if row.buckets:
        meaning += f" Buckets: {' '.join(f'{bound:g}' for bound in row.buckets)}."
    return f"| `{row.name}` | {row.kind} | {labels} | {meaning} |\n"


def _label(row: Metric, name: str) -> str:
    values = (row.values or {}).get(name)
    return f"`{name}`: {', '.join(values)}" if values else f"`{name}`"
