import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import worker
from worker.cli.failures import CommandError, told
from worker.cli.main import COMMANDS, LazyGroup, main
from worker.ops.exits import ConfigurationError, ExitCode


class Shown(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def newsworker(monkeypatch, capsys):
    """Run the command in this process, with nothing of the worker in the environment but what is given."""
    for name in [name for name in os.environ if name.startswith("NEWSWORKER_")]:
        monkeypatch.delenv(name)

    def run(*arguments, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["newsworker", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Shown(ended.value.code or 0, *capsys.readouterr())

    return run


DOCS = Path(__file__).parents[3] / "docs"
BROKER = {"NEWSWORKER_KAFKA_BOOTSTRAP": "kafka:9092"}


def test_every_command_is_there():
    """Each row of the table leads to a command with a help text."""
    built = {name: LazyGroup(name="newsworker").get_command(None, name) for name in COMMANDS}

    assert [] == [name for name, command in built.items() if command is None or not command.help]


def test_a_command_loads_only_what_it_needs():
    """A command that needs no broker starts without Faust, a Kafka client or the extraction."""
    asked = "worker.cli.main.LazyGroup(name='n').get_command(None, 'probe')"
    code = f"import sys, worker.cli.main; {asked}; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {"faust", "aiokafka", "selectolax", "structlog", "aiohttp"} & set(loaded) == set()


def test_the_version_is_printed(newsworker):
    """`--version` names the version and ends well."""
    shown = newsworker("--version")

    assert (shown.returncode, shown.stdout) == (ExitCode.OK, f"newsworker {worker.__version__}\n")


@pytest.mark.parametrize("arguments", [["nope"], ["topics", "nope"], ["probe", "live", "--timeout", "soon"]])
def test_a_wrong_command_line_is_usage(newsworker, arguments):
    """A command or a value that does not exist ends with 2 and a hint."""
    shown = newsworker(*arguments)

    assert shown.returncode == ExitCode.USAGE
    assert "Usage: newsworker" in shown.stderr


def test_a_wrong_setting_is_configuration(newsworker):
    """A bad value ends with 78 and one line that names the setting."""
    shown = newsworker("config", "check", **BROKER, NEWSWORKER_STAGES="splat")

    assert shown.returncode == ExitCode.CONFIGURATION
    assert shown.stderr.startswith("newsworker: NEWSWORKER_STAGES=splat: ")
    assert shown.stderr.count("\n") == 1


def test_a_broker_that_is_not_there_is_unavailable(newsworker):
    """Without a broker a command gives up for now, with the address in its message and no traceback."""
    shown = newsworker("topics", "check", NEWSWORKER_KAFKA_BOOTSTRAP="127.0.0.1:1")

    assert shown.returncode == ExitCode.UNAVAILABLE
    assert "127.0.0.1:1" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_good_settings_are_said_to_be_good(newsworker):
    """`config check` ends with 0 and a digest; a doubtful setting is a warning on the side."""
    shown = newsworker("config", "check", **BROKER, NEWSWORKER_ENVIRONMENT="prod", NEWSWORKER_ALLOW_PLAINTEXT="true")

    assert shown.returncode == ExitCode.OK
    assert shown.stdout.startswith("configuration is good, digest ")
    assert "warning: NEWSWORKER_GUARANTEE" in shown.stderr


def test_show_tells_value_and_origin(newsworker):
    """`config show` has a line a setting, with where its value comes from and secrets covered."""
    shown = newsworker("config", "show", **BROKER, NEWSWORKER_KAFKA_SASL_PASSWORD="tulip")
    lines = {line.split()[0]: line.split()[1:] for line in shown.stdout.splitlines()}

    assert lines["NEWSWORKER_KAFKA_BOOTSTRAP"] == ["kafka:9092", "environment"]
    assert lines["NEWSWORKER_KAFKA_SASL_PASSWORD"] == ["***", "environment"]
    assert lines["NEWSWORKER_STAGES"] == ["split,dedupe", "default"]


def test_an_unforeseen_error_is_a_message():
    """A bug ends with 70, its class and its place, without a traceback."""
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0

    failure = told(caught.value)

    assert failure.code == ExitCode.UNFORESEEN
    assert "unforeseen ZeroDivisionError: division by zero (test_main.py:" in failure.message
    assert "\n" not in failure.message


def test_a_message_is_never_a_page():
    """However long an error's own text is, the message is short."""
    assert len(told(RuntimeError("x" * 5_000_000)).message) < 1_000


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("X is wrong"), ExitCode.CONFIGURATION),
        (CommandError("no", ExitCode.FAILED), ExitCode.FAILED),
        (FileNotFoundError(2, "No such file", "page.html"), ExitCode.FAILED),
    ],
)
def test_known_errors_have_their_code(error, code):
    """What a command foresees ends with its own code and text."""
    assert told(error).code == code


@pytest.mark.parametrize(("page", "command"), [("settings.md", "schema"), ("metrics.md", "metrics")])
def test_a_generated_page_is_fresh(newsworker, page, command):
    """The pages on settings and metrics are what the commands make today."""
    verified = newsworker("config", command, "--verify", str(DOCS / page))

    assert (verified.returncode, verified.stderr) == (ExitCode.OK, "")


def test_a_stale_page_is_told(newsworker, tmp_path):
    """A page that lags behind is named with the command that makes it."""
    stale = tmp_path / "metrics.md"
    stale.write_text("old")

    verified = newsworker("config", "metrics", "--verify", str(stale))

    assert verified.returncode == ExitCode.FAILED
    assert f"newsworker config metrics > {stale}" in verified.stderr
