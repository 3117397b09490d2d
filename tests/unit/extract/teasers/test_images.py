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


@pytest.mark.parametrize(
    ("address", "is_real"),
    [
        ("/Default-1.jpg", False),
        ("/defaults.jpg", True),
        ("/i/ICON_a.png", False),
        ("/iconic-tower.jpg", True),
        ("/icons/a.png", False),
        ("/mark.svg", False),
        ("/mark.svg?x=1", False),
        ("/mark.svg\n", False),
        ("/mark.svg.jpg", True),
        ("/trans_1.gif", False),
        ("/trans_atlantic.jpg", True),
        ("/pier-é-lazy.jpg", False),
    ],
)
def test_a_mark_of_a_placeholder_is_more_than_its_letters(address, is_real):
    """What follows "icon" or "default" tells the picture of an icon from that of an iconic tower."""
    assert is_real == (image_of(Document(f'<body><img src="{address}"></body>'), 0, BASE) is not None)
