import pytest

from tests.property.guarantee.protocol import SOURCE, Rules, World, search, steps


@pytest.mark.parametrize("transactions", [True, False])
def test_no_reachable_world_breaks_a_law(transactions):
    """Whatever crashes, comes late or is not heard: what is visible, remembered and positioned agrees."""
    found = search(Rules(transactions=transactions))

    assert (None, ()) == (found.broken, found.path)
    assert found.worlds > 1000


@pytest.mark.parametrize(
    "rules",
    [
        Rules(fences=False),
        Rules(dies_of_doubt=False),
        Rules(transactions=False, outputs_first=False),
        Rules(transactions=False, skips_late=False),
    ],
    ids=["no fencing", "going on in doubt", "state before outputs", "late records count"],
)
def test_each_rule_is_needed(rules):
    """Leaving any one rule out leads to a world that breaks a law: the laws are not idle."""
    found = search(rules)

    assert found.broken is not None


def test_everything_can_come_out():
    """The model is not safe by doing nothing: some way leads to all of the source being done."""
    rules, world = Rules(), World()
    for wanted in ("claim 0", "restore 0", "process 0", "process 0", "process 0", "ask 0", "answer 0"):
        world = dict(steps(world, rules))[wanted]

    assert tuple(range(SOURCE)) == world.visible
