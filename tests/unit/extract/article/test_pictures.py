"""Pictures of the article have their captions, credits and alternative texts."""

import pytest

from schemas import Image
from tests.unit.extract.article.page_of import split

PIER = "https://harbourpost.example/pier.jpg"


def images_of(inside, head="", after=""):
    return split(inside, head, after).article.images


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("The pier at low tide. Photo: Ida Holm", ("The pier at low tide.", "Ida Holm")),
        ("The pier at low tide (Foto: Ida Holm)", ("The pier at low tide", "Ida Holm")),
        ("The pier at low tide. © Ida Holm", ("The pier at low tide.", "Ida Holm")),
        ("The pier at low tide. <span class='credit'>Ida Holm</span>", ("The pier at low tide.", "Ida Holm")),
        ("<span class='credit'>Photo: Ida Holm</span>", (None, "Ida Holm")),
        ("The pier at low tide.", ("The pier at low tide.", None)),
    ],
)
def test_a_caption_is_parted_from_its_credit(caption, expected):
    """Who made the picture is told apart, by an element's name or by the words before it."""
    (image,) = images_of(f"<figure><img src='/pier.jpg' alt='A pier'><figcaption>{caption}</figcaption></figure>")

    assert (PIER, *expected, "A pier") == (image.url, image.caption, image.credit, image.alt)


def test_the_main_picture_has_the_caption_of_its_figure():
    """What the head names and a figure shows in another size is one picture."""
    head = f'<meta property="og:image" content="{PIER}?width=1200">'

    shown = images_of("<figure><img src='/pier.jpg?width=640'><figcaption>The pier.</figcaption></figure>", head)

    assert (Image(url=f"{PIER}?width=1200", caption="The pier."),) == shown


def test_a_placeholder_is_no_picture():
    """The picture is where scripts find it; what stands for it until then is none."""
    (image,) = images_of("<figure><img src='data:image/gif;base64,R0' data-src='/pier.jpg'></figure>")

    assert PIER == image.url


def test_a_figure_of_the_frame_is_not_the_article_s():
    """Pictures outside the article are left out."""
    assert () == images_of("", after="<aside><figure><img src='/other.jpg'></figure></aside>")
