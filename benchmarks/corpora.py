"""The corpora that quality and speed are measured on: they lie beside the checkout and are no part of it."""

import gzip
import importlib.util
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from schemas import RawPage

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Where the corpora and the scorers are expected."""

CORPORA = SHARED / "corpora"
ARTICLES = ("aeb", "fundus", "fundus_eval", "trafilatura", "readability")


def require(path: Path) -> Path:
    """Return ``path``; without it end with what is missing and where it is expected."""
    if not path.exists():
        sys.exit(f"The corpora are not part of this repository: expected {path.resolve()}, which does not exist.")
    return path


def scorer(name: str) -> ModuleType:
    """Return a scorer that lies beside the corpora, loaded by its path."""
    path = require(SHARED / "eval" / f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} can't be loaded as a module.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def truths(corpus: str) -> list[dict[str, Any]]:
    """Return the truth of every page of a corpus, in its order."""
    with require(CORPORA / corpus / "truth.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def page_of(corpus: str, truth: dict[str, Any]) -> RawPage:
    """Return the page that a truth belongs to, as a crawler would hand it over."""
    body = gzip.decompress((CORPORA / corpus / "pages" / f"{truth['id']}.html.gz").read_bytes())
    return RawPage(url=truth["url"], fetched_at=_moment(truth.get("crawled_at")), body=body, source="corpus")


def speed_set() -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the pages that speed is measured on."""
    for line in require(CORPORA / "speed-set.txt").read_text(encoding="utf-8").split():
        yield line, gzip.decompress((CORPORA / line).read_bytes())


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
