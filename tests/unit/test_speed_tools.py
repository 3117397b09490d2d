import sys
from xml.etree import ElementTree as ET

from benchmarks.plot import scatter
from benchmarks.steps import Samples


def test_the_cost_of_steps_adds_up_to_the_total():
    """A step costs its share of the samples, one within another is told after it, a rare one not at all."""
    samples = Samples()
    samples.seen.update({("parse",): 300, ("teasers", "look"): 500, ("teasers",): 198, ("rare",): 2})

    assert {"teasers": 6.98, "teasers > look": 5.0, "parse": 3.0} == samples.ratios(10.0)


def test_a_step_is_seen_below_the_splitting_alone():
    """What runs elsewhere counts as nothing; comprehensions count for the function they stand in."""
    samples = Samples()

    def outside(look):
        look()

    def split_page(look):
        [step(look) for _ in range(2)]

    def step(look):
        look()

    outside(lambda: samples.look(0, sys._getframe(1)))
    split_page(lambda: samples.look(0, sys._getframe(1)))

    assert [2] == list(samples.seen.values())
    assert all(path[0].endswith("step") for path in samples.seen)


def test_each_point_of_a_plot_is_drawn(tmp_path):
    """A plot has a dot for each point, and one for each name of a series."""
    target = tmp_path / "cost.svg"

    scatter(target, "Cost & size", ("kB", "ms"), {"split": [(10, 2.0), (200, 15.0)], "parse": [(10, 0.1)]})

    dots = [each for each in ET.parse(target).iter() if each.tag.endswith("circle")]
    assert 3 + 2 == len(dots)
