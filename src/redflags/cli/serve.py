"""`redflags serve`: the review queue in a browser."""

from typing import Annotated

import typer

from redflags.settings import read_settings


def serve(
    host: Annotated[str, typer.Option(help="Address of this machine to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Run the review queue; the first time, print the first administrator's one-time link."""
    from redflags.web.shell.serve import serve as run

    run(read_settings(), host, port, typer.echo, lambda warning: typer.echo(warning, err=True))
