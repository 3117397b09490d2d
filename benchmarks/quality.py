"""Quality of articles and teasers on the corpora, against the last record and the peers: ``make eval``.

Every page goes through ``split_page`` and the shape that ``newsworker split`` prints; a page that is rejected
counts as an empty prediction.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import flattened, mapping
from benchmarks.corpora import ARTICLES, CORPORA, page_of, require, scorer, truths
from benchmarks.precision import precision
from benchmarks.record import machine
from benchmarks.tally import Tally, f1_by, worst
from schemas import RawPage
from worker.extract import PageError, split_page

RESULTS = Path(__file__).parent / "results"

PEERS: dict[tuple[str, str, str], tuple[float, float, float | None]] = {
    ("aeb", "shingle", "f1"): (0.960, 0.975, 0.951),
    ("fundus", "rouge", "f1"): (0.955, 0.970, 0.952),
    ("fundus", "para", "f1"): (0.90, 0.935, 0.876),
    ("fundus", "title", "norm"): (0.90, 0.95, 0.807),
    ("fundus", "authors", "f1"): (0.83, 0.88, 0.787),
    ("fundus", "published", "day"): (0.975, 0.985, 0.978),
    ("fundus", "published", "instant"): (0.90, 0.94, 0.874),
    ("fundus_eval", "rouge", "f1"): (0.982, 0.990, 0.980),
    ("trafilatura", "segments", "f1"): (0.915, 0.930, 0.922),
    ("teasers", "micro", "f1"): (0.93, 0.97, 0.840),
    ("teasers", "macro", "f1"): (0.90, 0.95, 0.795),
    ("teasers", "headline", "exact"): (0.93, 0.93, 0.82),
    **{("flattened", form, "teasers_micro"): (0.93, 0.93, None) for form in flattened.FORMS},
    **{("flattened", form, "body_of_html"): (0.95, 0.95, None) for form in flattened.FORMS},
}
"""What must be, what is aimed at, and the best peer on the same pages, by corpus and figure."""


def line_of(name: str, page: RawPage) -> dict[str, Any]:
    """Return what ``newsworker split`` prints of a page, as far as the scorers read it."""
    try:
        split = split_page(page).model_dump(mode="json")
    except PageError as error:
        return {"id": name, "article": None, "teasers": [], "rejected": error.reason.value}
    return {"id": name, "article": split["article"], "teasers": split["teasers"], "rejected": None}


def article_figures(out: Path | None) -> dict[str, Any]:
    """Return the figures of all article corpora by corpus, metric and figure."""
    scorer_ = scorer("score_articles")
    found = {}
    for corpus in ARTICLES:
        truth = truths(corpus)
        lines = [mapping.article_prediction(line_of(each["id"], page_of(corpus, each))) for each in truth]
        if out:
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{corpus}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
        found[corpus] = scorer_.score(truth, {each["id"]: each for each in lines})[0]
        told = precision(scorer_, truth, lines)
        found[corpus] |= {f"{field} where told": figures for field, figures in told.items()}
    return found


def differences(before: Path, after: Path) -> list[str]:
    """Return for each corpus and metric how the predictions in ``after`` differ from those in ``before``.

    The error is that of a bootstrap over the same pages: a difference of less than two errors is none.
    """
    scorer_ = scorer("score_articles")
    found = []
    for corpus in ARTICLES:
        truth = truths(corpus)
        old, new = (_pages(scorer_, truth, each / f"{corpus}.jsonl") for each in (before, after))
        for metric, key in scorer_.HEAD.items():
            if rows := [(new[page][metric], old[page][metric]) for page in new if metric in new[page]]:
                now, then = ([row[at] for row in rows] for at in (0, 1))
                total = scorer_.TOTALS[metric]
                error = scorer_.bootstrap(metric, now, then)
                found.append(f"{corpus} {metric}.{key} {total(now)[key] - total(then)[key]:+.4f} ± {error:.4f}")
    return found


def _pages(scorer_: Any, truth: list[dict[str, Any]], path: Path) -> dict[str, dict[str, Any]]:
    """Return each page's figures for the predictions in a file."""
    lines = {each["id"]: each for each in scorer_.read_jsonl(require(path))}
    pages: dict[str, dict[str, Any]] = scorer_.score(truth, lines, errors=False)[1]
    return pages


def teaser_pages() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the scores of each labelled page, and of all of them."""
    score = scorer("score_teasers")
    labels = score.load_labels([str(require(CORPORA / "teasers" / "labels"))])
    lines = {name: mapping.teaser_predictions(line_of(name, page_of("teasers", each))) for name, each in labels.items()}
    pages, total = score.evaluate(labels, lines)
    return pages, total


def teaser_figures(found: dict[str, Any]) -> dict[str, Any]:
    """Return the scores of all pages by metric and figure; ``emitted`` counts what must not come out."""
    emitted = ("duplicates", "self_links", "body_link_leaks", "body_title_leaks")
    return {
        "micro": {key: found["micro"][key] for key in ("f1", "p", "r")},
        "macro": {key: found["macro"][key] for key in ("f1", "p", "r")},
        "headline": {"exact": found["title_exact"]},
        **{name: {"f1": found[name]["f1"]} for name in ("lead", "byline", "image")},
        **{kind: {"f1": value["f1"]} for kind, value in found["kinds"].items() if "f1" in value},
        "emitted": {name: float(found[name]) for name in emitted},
    }


def teaser_details(pages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return F1 of the teasers by language, and the ten worst pages with what is wrong there."""
    tallies = [(page["lang"], Tally(*[page["c"][each] for each in ("tp", "fp", "fn")])) for page in pages]
    named = [(f"{page['id']}, {page['c']['fp']} false, {page['c']['fn']} missed", page["f1"]) for page in pages]
    return {"by_language": f1_by(tallies), "worst": worst(named)}


def last_record() -> dict[str, Any]:
    """Return the newest record of quality, empty where there is none."""
    records = sorted(RESULTS.glob("quality-*.json"))
    return json.loads(records[-1].read_text(encoding="utf-8")) if records else {}


def table(figures: dict[str, Any], before: dict[str, Any]) -> str:
    """Return the figures beside what they must be, the peers and the record before."""
    head = ("corpus", "figure", "now", "±", "before", "must", "aim", "best peer", "")
    rows: list[tuple[str, ...]] = [head]
    for corpus, metrics in figures.items():
        for metric, values in metrics.items():
            if not isinstance(values, dict):
                continue
            for key in (key for key in values if key not in ("se", "n")):
                must, aim, peer = PEERS.get((corpus, metric, key), (None, None, None))
                now = values[key]
                old = before.get(corpus, {}).get(metric, {}).get(key)
                verdict = "" if must is None else "aim" if now >= aim else "must" if now >= must else "MISSED"
                error = values.get("se") if key == next(iter(values)) else None
                numbers = (now, error, old, must, aim, peer)
                rows.append((corpus, f"{metric}.{key}", *("" if n is None else f"{n:.3f}" for n in numbers), verdict))
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def told(details: dict[str, Any]) -> Iterator[str]:
    """Yield the details, a line each."""
    for corpus, by_what in details.items():
        for what, found in by_what.items():
            pairs = found.items() if isinstance(found, dict) else found
            yield f"{corpus} {what.replace('_', ' ')}: " + "; ".join(f"{name} {figure:.3f}" for name, figure in pairs)


def main() -> None:
    """Measure, compare, print; write a record where asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--record", action="store_true", help="write the figures to benchmarks/results")
    options.add_argument("--out", type=Path, help="folder for the predictions, one file a corpus")
    options.add_argument("--against", type=Path, help="folder of earlier predictions: print differences and errors")
    asked = options.parse_args()
    require(CORPORA)
    if asked.against and not asked.out:
        options.error("--against compares with what --out writes: give a folder for that too")
    pages, total = teaser_pages()
    lines = flattened.measured(flattened.sheets())
    figures = article_figures(asked.out) | {"teasers": teaser_figures(total), "flattened": flattened.figures(lines)}
    details = {"teasers": teaser_details(pages), "flattened": flattened.details(lines)}
    print(table(figures, last_record().get("figures", {})))
    print(*told(details), sep="\n")
    if asked.against:
        print(*differences(asked.against, asked.out), sep="\n")
    if asked.record:
        at = datetime.now(UTC)
        record = {**machine(), "measured_at": at.isoformat(timespec="seconds"), "figures": figures, "details": details}
        path = RESULTS / f"quality-{at:%Y%m%dT%H%M%S}.json"
        path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(f"written to {path.name}")


if __name__ == "__main__":
    main()
