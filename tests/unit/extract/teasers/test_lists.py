"""Pages without an article, and hosts that declare story numbers."""

from tests.unit.extract.teasers.page_of import STORIES, cards, page
from worker.extract.document import Document
from worker.extract.teasers import find_teasers
from worker.identity import STORY_HOSTS


def test_a_front_page_gives_the_stories_it_lists():
    """On the front page of a host, where no address says how stories are addressed, cards are teasers too."""
    front = "https://www.harbour.example/"
    items = find_teasers(Document(f"<body><div class='list'>{cards()}</div></body>"), page(front), front).items

    assert [headline for headline, _ in STORIES] == [item.headline for item in items]


def test_the_path_counts_where_identity_takes_a_number():
    """A host that declares story numbers has addresses with a shape like any other."""
    host = STORY_HOSTS[0]
    url = f"https://{host}/news/old-crane-is-moved-across-the-bay-48213303.html"
    target = page(f"https://{host}/news/tide-table-moves-to-the-new-pier-48213377.html").target(url)

    assert 5 <= target.shape.slug_words
    assert not page(f"https://{host}/news/tide-table-moves-to-the-new-pier-48213377.html").is_own(target.key)
