"""Words of schema.org, which JSON-LD and microdata share."""

from collections.abc import Iterable

ARTICLE_TYPES = frozenset(
    [
        "advertisercontentarticle",
        "analysisnewsarticle",
        "article",
        "askpublicnewsarticle",
        "backgroundnewsarticle",
        "blogposting",
        "liveblogposting",
        "medicalscholarlyarticle",
        "newsarticle",
        "opinionnewsarticle",
        "report",
        "reportagenewsarticle",
        "reviewnewsarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "techarticle",
    ]
)
"""Types of schema.org that are an article, in lower case. Source: schema.org, Article and what is below it."""


def is_article(types: Iterable[str]) -> bool:
    """Tell whether one of the types is an article's, with its vocabulary's address or without."""
    return not ARTICLE_TYPES.isdisjoint([each.rpartition("/")[2].lower() for each in types])
