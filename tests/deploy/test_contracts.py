"""The contracts as tools of another make read them: AsyncAPI's parser and Ajv."""

import json
import shutil
from pathlib import Path

import pytest

from tests.deploy.tools import ROOT, VALIDATORS, ran, said

READER = VALIDATORS / "contracts.mjs"


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the contracts, to be spoilt."""
    return shutil.copytree(ROOT / "schemas", tmp_path / "schemas")


def test_the_contracts_are_read():
    """AsyncAPI's parser has no fault to find, and Ajv takes every example by its schema."""
    examples = sorted(file.relative_to(ROOT / "schemas/examples") for file in ROOT.glob("schemas/examples/*/*.json"))

    read = ran("node", READER, ROOT / "schemas")

    assert read.returncode == 0, said(read)
    assert [f"ok {example}" for example in examples] == sorted(read.stdout.splitlines()[1:])


def test_a_reference_that_leads_nowhere_is_seen(copy):
    """An AsyncAPI document that names a part it lacks is refused: the check can fail."""
    file = copy / "asyncapi.yaml"
    document = json.loads(file.read_text(encoding="utf-8"))
    del document["components"]["schemas"]["Image"]
    file.write_text(json.dumps(document))

    read = ran("node", READER, copy)

    assert (1, True) == (read.returncode, "Image' does not exist" in read.stdout), said(read)


def test_an_example_of_a_wrong_type_is_seen(copy):
    """An example whose revision is no number is refused: the check can fail."""
    file = copy / "examples" / "articles.v1" / "new.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"revision": "first"}))

    read = ran("node", READER, copy)

    assert (1, True) == (read.returncode, "fault articles.v1/new.json" in read.stdout), said(read)
