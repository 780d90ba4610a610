"""`redflags ruleset`: proposed, backtested, approved by somebody else, live or in the shadow."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.program import read_program
from redflags.domain.clock import spoken
from redflags.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from redflags.domain.known_ruleset import KnownRuleset
    from redflags.domain.people import Person

ruleset = typer.Typer(help="Rule sets on their way to the live one.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="Email address of an analyst or manager.")]
Hash = Annotated[str, typer.Argument(metavar="HASH", help="As redflags ruleset list shows it.")]
Why = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]


@ruleset.command("propose")
def propose(file: Path, by: By, reason: Why) -> None:
    """Propose a rule set; it goes live only after a backtest and somebody else's approval."""
    from redflags.adapters.store import ruleset_register
    from redflags.analysis.replay.what_if import other_scores
    from redflags.analysis.schemas import COUNTED_SIGNALS
    from redflags.bootstrap import utc_now
    from redflags.configuration.ruleset import load_ruleset

    program = read_program()
    proposed = load_ruleset(file, COUNTED_SIGNALS)
    with program.queue_store() as store, store.writing() as connection:
        ruleset_register.propose(
            connection,
            _person(connection, by),
            utc_now(),
            ruleset_hash=proposed.hash,
            version=proposed.version,
            parent=proposed.parent,
            content=file.read_text(encoding="utf-8"),
            reason=reason,
        )
    typer.echo(
        f"proposed {proposed.hash}; next: redflags backtest --ruleset {program.ruleset_path} "
        f"--ruleset {file} …, then somebody else: redflags ruleset approve {proposed.hash}"
    )
    if otherwise := other_scores(program.ruleset, proposed.hash, proposed):
        typer.echo(f"note: {otherwise}")


@ruleset.command("list")
def listing() -> None:
    """List rule sets: how far each has come, who proposed and who approved it."""
    from redflags.adapters.store import ruleset_register

    program = read_program()
    with program.queue_store() as store, store.reading() as connection:
        known = ruleset_register.known_rulesets(connection)
    for line in _lines(known, program.ruleset.hash):
        typer.echo(line)


@ruleset.command("approve")
def approve(ruleset_hash: Hash, by: By, reason: Why) -> None:
    """Approve a backtested rule set that somebody else proposed."""
    from redflags.adapters.store import ruleset_register
    from redflags.bootstrap import utc_now

    with read_program().queue_store() as store, store.writing() as connection:
        ruleset_register.approve(
            connection, _person(connection, by), utc_now(), ruleset_hash, reason
        )
    typer.echo(f"approved {ruleset_hash}; make it live with: redflags ruleset install")


@ruleset.command("install")
def install(ruleset_hash: Hash, by: By) -> None:
    """Make an approved rule set live; the old file is kept beside it, named by its hash."""
    from redflags.adapters.store import ruleset_register
    from redflags.bootstrap import utc_now

    program = read_program()
    old = program.ruleset.hash
    with program.queue_store() as store, store.writing() as connection:
        content = ruleset_register.make_live(
            connection, _person(connection, by), utc_now(), ruleset_hash
        )
        program.install_ruleset(ruleset_hash, content)  # fails: nothing is noted either
    typer.echo(f"{ruleset_hash} is live from the next night; the old one is ruleset-{old}.toml")


@ruleset.command("shadow")
def shadow(ruleset_hash: Annotated[str, typer.Argument(metavar="HASH|none")], by: By) -> None:
    """Run a rule set in shadow beside the live one: its alerts are counted and never shown."""
    from redflags.adapters.store import ruleset_register
    from redflags.bootstrap import utc_now

    chosen = None if ruleset_hash == "none" else ruleset_hash
    with read_program().queue_store() as store, store.writing() as connection:
        ruleset_register.set_shadow(connection, _person(connection, by), utc_now(), chosen)
    typer.echo(
        "there is no shadow rule set" if chosen is None else f"{chosen} is now the shadow rule set"
    )


def _person(connection: "Connection", email: str) -> "Person":
    from redflags.casework import accounts

    person = accounts.person_with_email(connection, email)
    if person is None:
        raise UsageError(
            "--by: expected the address of an account, got another; see redflags user list"
        )
    return person


def _lines(known: "Sequence[KnownRuleset]", live_file_hash: str) -> list[str]:
    """One line a rule set, and a warning when the file in use is none that was approved."""
    told = [_line(ruleset) for ruleset in known]
    live = next((ruleset.ruleset_hash for ruleset in known if ruleset.is_live), None)
    if live_file_hash != live:
        told.append(
            f"the file in use is {live_file_hash}, which was not installed from an approved "
            "proposal"
        )
    told.append(f"{len(known)} rule sets")
    return told


def _line(ruleset: "KnownRuleset") -> str:
    shadow = ", shadow" if ruleset.is_shadow else ""
    agreed = f", approved by {ruleset.approved_by}" if ruleset.approved_by else ""
    return (
        f"{ruleset.ruleset_hash}  {ruleset.version}  {ruleset.standing}{shadow}; proposed by "
        f"{ruleset.proposed_by}, {spoken(ruleset.proposed_at_utc)}{agreed}: {ruleset.reason}"
    )
