import pytest

from tests.split_pages import SETTINGS, Run
from worker.dedupe import MemoryState
from worker.dedupe.disk import DiskState


@pytest.fixture(params=["memory", "disk"])
def new_state(request, tmp_path):
    """Return a maker of empty states, for each store."""
    made = []

    def make(settings=SETTINGS):
        state = MemoryState(settings) if request.param == "memory" else DiskState(settings, tmp_path)
        made.append(state)
        return state

    yield make
    for state in made:
        if isinstance(state, DiskState):
            state.close()


@pytest.fixture
def run(new_state):
    """Return a run over an empty state."""
    return Run(new_state())
