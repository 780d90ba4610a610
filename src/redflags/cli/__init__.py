"""The command line, one file per user task: parse, call a service, print.

Heavy libraries are imported inside the commands that need them, so that help answers at once.
"""

from redflags.cli.command_list import app
from redflags.cli.error_exit import main, script

__all__ = ["app", "main", "script"]
