"""From the shell and back to it: run a command, say what went wrong, end with the right code."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import typer

from redflags.cli.command_list import app
from redflags.cli.exit_codes import DONE, FAILED, WRONG
from redflags.errors import ConfigurationError, RedflagsError


def script() -> NoReturn:
    """What the shell calls: `main`, and out at once.

    Everything is closed by then. When Python unloads its libraries one by one instead, DuckDB's
    bindings print forty lines about references that Prefect's threads still hold, and the one line
    that matters is lost above them.
    """
    try:
        main()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else FAILED
    else:
        code = DONE
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Run a command and end with the contract's exit code.

    Whatever a command writes is for its owner's eyes only.
    """
    os.umask(0o077)
    try:
        # told not to end the process, click gives the code of typer.Exit back and raises nothing
        code = app(standalone_mode=False) or DONE
    except typer.Abort:
        code = FAILED
    except RedflagsError as error:
        _complain(error)
        code = error.exit_code
    except Exception as error:
        code = _answer_for(error)
    sys.exit(code)


def _answer_for(error: Exception) -> int:
    """Wrong usage ends with 2, the unforeseen with 4, its text unsaid: it may quote a record."""
    show: Callable[[], None] | None = getattr(error, "show", None)
    if show is not None:
        show()
        return int(getattr(error, "exit_code", WRONG))
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"
    typer.echo(f"redflags: failed: {type(error).__name__} at {where}", err=True)
    return FAILED


def _complain(error: RedflagsError) -> None:
    faults = error.faults if isinstance(error, ConfigurationError) else (str(error),)
    for fault in faults:
        typer.echo(f"redflags: {fault}", err=True)
