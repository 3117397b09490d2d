"""``newsworker probe``: asks the worker beside it how it is, for containers without curl.

Only the standard library: a probe runs every few seconds and should cost next to nothing.
"""

import json
import os
import urllib.error
import urllib.request
from typing import Annotated

import typer

from worker.cli.failures import CommandError
from worker.ops.exits import ExitCode

probe = typer.Typer(no_args_is_help=True, help="Ask the worker beside it how it is.", rich_markup_mode=None)

DEFAULT_BIND = "0.0.0.0:9102"
Timeout = Annotated[float, typer.Option(help="Seconds to wait for the answer.", min=0.1)]


@probe.command()
def live(timeout: Timeout = 5.0) -> None:
    """Exit 0 where a restart would not help, else 1 with the reason."""
    _ask("/livez", timeout)


@probe.command()
def ready(timeout: Timeout = 5.0) -> None:
    """Exit 0 where the worker does its share, else 1 with the reason."""
    _ask("/readyz", timeout)


def address(bind: str) -> str:
    """Return where to ask a worker that is bound so: one that listens everywhere is asked on loopback. Pure."""
    host, _, port = bind.rpartition(":")
    return f"{ {'0.0.0.0': '127.0.0.1', '[::]': '[::1]'}.get(host, host) }:{port}".replace(" ", "")  # noqa: S104 - compared only


def _ask(path: str, timeout: float) -> None:
    url = f"http://{address(os.environ.get('NEWSWORKER_HTTP_BIND') or DEFAULT_BIND)}{path}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy of the machine is not asked
    try:
        with opener.open(url, timeout=timeout) as answer:
            typer.echo(answer.read().decode())
    except urllib.error.HTTPError as error:
        raise CommandError(_reasons(error.read()), ExitCode.FAILED) from None
    except OSError as error:
        reason = getattr(error, "reason", None) or error
        raise CommandError(f"{url} does not answer: {reason}", ExitCode.FAILED) from None


def _reasons(body: bytes) -> str:
    """Return the failing checks of a 503, a line each; the body as it is where it is none of ours."""
    try:
        failing = [check for check in json.loads(body)["checks"] if not check["ok"]]
        return "\n".join(f"{check['name']}: {check['reason']}" for check in failing)
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace")
