"""The command ``newsworker``: a table of commands, each in a file of its own that is imported when it is used.

An error is one clear message and an exit code; `failures` knows which.
"""

import sys
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

import worker
from worker.cli.failures import told


class Command(NamedTuple):
    """Where a command is, imported only when it is asked for."""

    module: str
    attribute: str


COMMANDS = {
    "run": Command("worker.cli.run", "run"),
    "demo": Command("worker.cli.demo", "demo"),
    "feed": Command("worker.cli.feed", "feed"),
    "split": Command("worker.cli.split", "split"),
    "rejected": Command("worker.cli.rejected", "rejected"),
    "replay": Command("worker.cli.replay", "replay"),
    "position": Command("worker.cli.position", "position"),
    "state": Command("worker.cli.state", "state"),
    "explain": Command("worker.cli.explain", "explain"),
    "warm-up": Command("worker.cli.warm_up", "warm_up"),
    "sites": Command("worker.cli.sites", "sites"),
    "topics": Command("worker.cli.topics", "topics"),
    "config": Command("worker.cli.config", "config"),
    "probe": Command("worker.cli.probe", "probe"),
}
"""All commands, in the order in which help shows them."""


class LazyGroup(TyperGroup):
    """Imports a command when it is asked for: `newsworker split` doesn't wait for Faust."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - the library's signature
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - the library's signature
        """Return the command of this name, or None."""
        command = COMMANDS.get(cmd_name)
        return None if command is None else _built(cmd_name, command)


def _built(name: str, command: Command) -> Any:  # noqa: ANN401 - a class that typer keeps to itself
    found = getattr(import_module(command.module), command.attribute)
    if isinstance(found, typer.Typer):
        group = get_command(found)
        group.name = name
        return group
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name)(found)
    return get_command(single)


app = typer.Typer(
    name="newsworker",
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(is_asked: bool) -> None:  # noqa: FBT001 - the library's way of calling back
    if is_asked:
        typer.echo(f"newsworker {worker.__version__}")
        raise typer.Exit


@app.callback()
def newsworker(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Split news pages into one article and its teasers, from Kafka to Kafka."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        app(prog_name="newsworker")
    except Exception as error:  # noqa: BLE001 - the last net: whatever it is, people get a message and a code
        failure = told(error)
        typer.echo(f"newsworker: {failure.message}", err=True)
        sys.exit(failure.code)


if __name__ == "__main__":
    main()
