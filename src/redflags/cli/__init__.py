"""The command line, one file per user task: parse, call a service, print.

Heavy libraries are imported inside the commands that need them, so that help answers at once.
"""

from redflags.cli.commands import app
from redflags.cli.ending import main, script

__all__ = ["app", "main", "script"]
