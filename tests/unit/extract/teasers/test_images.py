"""The picture of a card."""

import pytest

from worker.extract.document import Document
from worker.extract.teasers.images import image_of

BASE = "https://harbour.example/news/"
PICTURE = "https://harbour.example/pier.jpg"


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='/pier.jpg'>",
        "<img src='data:image/gif;base64,R0' data-src='/pier.jpg'>",
        "<img src='/placeholder.png' data-original='/pier.jpg'>",
        "<img srcset='/pier.jpg 320w, /pier-large.jpg 640w'>",
        "<picture><source srcset='/pier.jpg 1x'><img src='/blank.gif'></picture>",
        "<noscript><img src='/pier.jpg'></noscript>",
        "<div style=\"background-image: url('/pier.jpg')\"></div>",
        "<img src='/icons/play.svg'><img src='/pier.jpg'>",
        "<img src='/small.jpg' width='16' height='16'><img src='/pier.jpg'>",
    ],
)
def test_the_picture_is_the_real_one(markup):
    """A placeholder, an icon or a lazy source never hides the picture."""
    assert PICTURE == image_of(Document(f"<body>{markup}</body>"), 0, BASE)


@pytest.mark.parametrize(
    "markup", ["", "<img>", "<img src=''>", "<img src='data:,'>", "<img src='/logo.svg'>", "<img src='mailto:a@b'>"]
)
def test_no_picture_is_none(markup):
    """Where there is no real picture there is no address."""
    assert image_of(Document(f"<body>{markup}</body>"), 0, BASE) is None
