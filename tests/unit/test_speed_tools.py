from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest

from benchmarks.plot import scatter
from benchmarks.steps import STEPS, Clocks
from schemas import RawPage
from worker.extract import PageError, page, split_page

PAGE = files("worker.samples").joinpath("pages/01-nordlicht-faehre.html").read_bytes()


def test_each_step_of_a_page_is_clocked():
    """Each name that is listed is called for an article with pictures, and parts cost less than the whole."""
    clocks = Clocks()
    with clocks.running():
        split_page(RawPage(url="https://www.nordlicht.example/faehre", body=PAGE, source="x"))

    assert {name for names in STEPS.values() for name in names} == {name.rpartition(" ")[2] for name in clocks.spent}
    assert sum(ms for name, ms in clocks.spent.items() if " > " in name) <= clocks.spent["read_article"]


def test_steps_are_as_they_were_after_the_clocks():
    """Also where a page is rejected."""
    before = page.decode_page
    with pytest.raises(PageError), Clocks().running():
        split_page(RawPage(body=b"", source="x"))

    assert before is page.decode_page


def test_the_dearest_step_comes_first_and_its_parts_after_it():
    """Costs are told in milliseconds of something else."""
    clocks = Clocks()
    clocks.spent.update(
        {"merge": 2.0, "read_article > authors": 1.0, "read_article > headline": 3.0, "read_article": 6.0}
    )

    told = {"read_article": 3.0, "read_article > headline": 1.5, "read_article > authors": 0.5, "merge": 1.0}
    assert list(told.items()) == list(clocks.ratios(2.0).items())


def test_each_point_of_a_plot_is_drawn(tmp_path):
    """A plot has a dot for each point, and one for each name of a series."""
    target = tmp_path / "cost.svg"

    scatter(target, "Cost & size", ("kB", "ms"), {"split": [(10, 2.0), (200, 15.0)], "parse": [(10, 0.1)]})

    dots = [each for each in ET.parse(target).iter() if each.tag.endswith("circle")]
    assert 3 + 2 == len(dots)
