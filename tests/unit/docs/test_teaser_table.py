"""The sample consumer merges as consumers are told to."""

import importlib.util
import inspect
import json
from pathlib import Path

ROOT = Path(__file__).parents[3]
SPEC = importlib.util.spec_from_file_location("teaser_table", ROOT / "docs" / "examples" / "teaser_table.py")
teaser_table = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(teaser_table)


def example(name: str) -> dict:
    return json.loads((ROOT / "schemas" / "examples" / "teasers.v1" / f"{name}.json").read_bytes())


def test_an_enriched_event_fills_the_named_fields_and_no_other():
    """The patch brings lead and image; position and found_on stay those of the new event."""
    new, enriched = example("new"), example("enriched")
    table: dict = {}

    teaser_table.merge(table, dict(new))
    teaser_table.merge(table, enriched)

    expected = new | {name: enriched[name] for name in ("lead", "image", "revision")}
    assert {new["teaser_id"]: expected} == table


def test_an_event_read_again_changes_nothing():
    """A reader that starts over from an earlier offset ends with the same table."""
    new, enriched = example("new"), example("enriched")
    table: dict = {}
    for event in (new, enriched):
        teaser_table.merge(table, dict(event))
    once = json.loads(json.dumps(table))

    teaser_table.merge(table, enriched)

    assert once == table


def test_a_new_event_replaces_a_longer_history():
    """After expiry a story starts again at revision 1, and nothing of before stays."""
    new, enriched = example("new"), example("enriched")
    table: dict = {}
    for event in (dict(new), enriched):
        teaser_table.merge(table, event)

    teaser_table.merge(table, new)

    assert {new["teaser_id"]: new} == table


def test_the_page_for_consumers_shows_this_very_code():
    """The lines in docs/consuming.md are those of the sample, but for its docstring and types."""
    page = (ROOT / "docs" / "consuming.md").read_text(encoding="utf-8")
    source = inspect.getsource(teaser_table.merge).splitlines()
    code = [line for line in source if not line.startswith(("def", '    """'))]

    assert "\n".join(code) in page
