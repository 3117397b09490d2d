"""What ``newsworker split`` prints to what the scorers read."""

from typing import Any


def article_prediction(line: dict[str, Any]) -> dict[str, Any]:
    """Return one output line of ``newsworker split`` as the article scorer wants it; fields are empty without one."""
    article = line.get("article") or {}
    return {
        "id": line["id"],
        "title": article.get("headline"),
        "authors": article.get("authors"),
        "published_at": _moment(article),
        "lead": [article["lead"]] if article.get("lead") else [],
        "paragraphs": [block["text"] for block in article.get("body", ())],
        "topics": article.get("topics"),
    }


def teaser_predictions(line: dict[str, Any]) -> dict[str, Any]:
    """Return the same line as the teaser scorer wants it."""
    items = [
        {
            "title": each.get("headline"),
            "url": each.get("url"),
            "lead": each.get("lead"),
            "byline": ", ".join([*each.get("authors", ()), *filter(None, [each.get("agency")])]),
            "image": each.get("image"),
            "kind": each["kind"],
        }
        for each in line.get("teasers", ())
    ]
    return {
        "id": line["id"],
        "teasers": items,
        "body": "\n\n".join(block["text"] for block in (line.get("article") or {}).get("body", ())),
    }


def _moment(article: dict[str, Any]) -> str | None:
    """Return the moment of publication, cut to the day where no more is known."""
    at: str | None = article.get("published_at")
    return at[:10] if at and article.get("published_precision") == "day" else at
