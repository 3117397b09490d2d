"""Compiled modules keep to the layers, which import-linter does not read in them."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    each["id"]: each
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
LAYERS = [[each.strip() for each in layer.split("|")] for layer in CONTRACTS["layers"]["layers"]]
FORBIDDEN = CONTRACTS["pure-core"]["forbidden_modules"]
COMPILED = sorted((ROOT / "worker").rglob("*.p[xy][dx]"))
IMPORT = re.compile(r"^(?:from|import|cimport) +([\w.]+)", re.MULTILINE)


def layer_of(module):
    """Return the number of the layer that a module is in, 0 for the highest, and the part of it; None outside."""
    for number, parts in enumerate(LAYERS):
        for part in parts:
            if module == part or module.startswith(f"{part}."):
                return number, part
    return None


@pytest.mark.parametrize("path", COMPILED, ids=lambda path: path.name)
def test_imports_of_compiled_modules_point_down(path):
    """And none of them is of what does I/O, as in every module of the core."""
    number, part = layer_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    imported = IMPORT.findall(path.read_text(encoding="utf-8"))

    assert [] == [each for each in imported if each.partition(".")[0] in FORBIDDEN]
    assert [] == [each for each in imported if (its := layer_of(each)) and its[1] != part and its[0] <= number]
