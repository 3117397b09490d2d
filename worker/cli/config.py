"""``newsworker config``: what is set, from where, and what may be set."""

from pathlib import Path
from typing import Annotated

import typer

from worker.cli.failures import CommandError
from worker.ops import metrics_docs, settings_docs
from worker.ops.exits import ExitCode
from worker.ops.loading import load, origins, variables

config = typer.Typer(no_args_is_help=True, help="What is set, from where, and what may be set.", rich_markup_mode=None)

Verify = Annotated[Path | None, typer.Option(help="Exit with 1 where this file is not that page.")]


@config.command()
def show() -> None:
    """Print each setting with its value and where that comes from; secrets as ***."""
    settings = load()
    rows = [(variables()[origin.setting], origin.value, origin.source) for origin in origins(settings)]
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    for name, value, source in rows:
        typer.echo(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}")


@config.command()
def check() -> None:
    """Say whether the settings are good; exit code 78 names the one that is not."""
    settings = load()
    for warning in settings.warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(f"configuration is good, digest {settings.digest}")


@config.command()
def schema(
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page of the documentation.")] = False,
    verify: Verify = None,
) -> None:
    """Print the JSON Schema of the settings, or their page of the documentation."""
    if verify is not None:
        _verify(verify, settings_docs.as_markdown(), "newsworker config schema --markdown")
    else:
        typer.echo(settings_docs.as_markdown() if markdown else settings_docs.as_json(), nl=False)


@config.command()
def metrics(verify: Verify = None) -> None:
    """Print the page of the documentation about metrics."""
    if verify is not None:
        _verify(verify, metrics_docs.as_markdown(), "newsworker config metrics")
    else:
        typer.echo(metrics_docs.as_markdown(), nl=False)


def _verify(file: Path, fresh: str, command: str) -> None:
    if file.read_text(encoding="utf-8") != fresh:
        raise CommandError(f"{file} is stale: {command} > {file}", ExitCode.FAILED)
