"""An unknown extract, and a mapping to start from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.exit_codes import PARTIAL
from redflags.errors import UsageError

if TYPE_CHECKING:
    from redflags.bootstrap.profile import Profiled


def profile(
    path: Annotated[str, typer.Argument(help="A file, a folder, or the address of a JSON API.")],
    output: Annotated[
        Path | None, typer.Option(help="The mapping file to write; printed when not given.")
    ] = None,
    token_env: Annotated[
        str, typer.Option(help="Environment variable with the API's bearer token.")
    ] = "",
) -> None:
    """Look at an unknown extract and write a mapping to start from, every guess marked."""
    from redflags.bootstrap.profile import profile_extract
    from redflags.settings import read_settings

    profiled = profile_extract(path, read_settings(), token_env)
    for line in profiled.not_explained:
        typer.echo(f"redflags: {line}", err=True)
    if not profiled.mappings:
        raise UsageError("no table of the contract was recognised: see docs/mapping.md")
    if output is None:
        typer.echo("\n".join(profiled.mappings))
    else:
        _write(profiled, output)
    if profiled.not_explained:
        raise typer.Exit(PARTIAL)


def _write(profiled: "Profiled", output: Path) -> None:
    """One file a mapping; a second and third get their table's name behind the first's."""
    paths = [output]
    for name in profiled.names[1:]:
        wanted = output.with_stem(f"{output.stem}_{name}")
        while wanted in paths:
            wanted = wanted.with_stem(f"{wanted.stem}_2")
        paths.append(wanted)
    if there := [path for path in paths if path.exists()]:
        raise UsageError(f"expected no file {there[0]}; move it away or name another --output")
    output.parent.mkdir(parents=True, exist_ok=True)
    for path, text in zip(paths, profiled.mappings, strict=True):
        path.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {path}: look at its guesses, then set enabled = true")
