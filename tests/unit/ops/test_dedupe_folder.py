import pytest
from pydantic import ValidationError

from worker.dedupe import MemoryState
from worker.dedupe.disk import DiskState
from worker.ops.metrics import Metrics
from worker.ops.names import Stage
from worker.ops.settings import Settings
from worker.stream.dedupe_stage import DedupeStage
from worker.stream.installation import Installation


def stage(**settings):
    given = Settings(kafka_bootstrap="kafka:9092", **settings)
    return DedupeStage(Installation(given), Metrics([Stage.DEDUPE]))


def test_the_state_lies_where_the_settings_say(tmp_path):
    """Without a folder it is in memory, with one on disk."""
    on_disk = stage(dedupe_folder=tmp_path).new_state()

    assert isinstance(stage().new_state(), MemoryState)
    assert isinstance(on_disk, DiskState)
    on_disk.close()


def test_a_folder_that_is_none_stops_the_start(tmp_path):
    """The message names the setting and what to do."""
    with pytest.raises(ValidationError, match=r"NEWSWORKER_DEDUPE_FOLDER: .* is no folder that can be written"):
        Settings(kafka_bootstrap="kafka:9092", dedupe_folder=tmp_path / "missing")
