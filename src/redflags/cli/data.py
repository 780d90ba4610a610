"""The landlord's records: made up, checked, taken in, set aside, dropped when they are old."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.date_arguments import AsOf, night_day, parse_day, today
from redflags.cli.exit_codes import PARTIAL
from redflags.cli.print_tables import (
    print_contradictions,
    print_notes,
    print_problems,
    print_tables,
)
from redflags.cli.program import read_program
from redflags.domain.clock import end_of_day_utc
from redflags.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from redflags.bootstrap import Program


def simulate(
    homes: Annotated[int, typer.Option(help="How many homes the landlord has.")],
    output: Annotated[Path, typer.Option(help="Folder for the extracts and truth.csv.")],
    years: Annotated[float, typer.Option(help="Years of records.")] = 3.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same landlord.")] = 1,
    until: Annotated[
        date, typer.Option(parser=parse_day, metavar="DATE", help="Last day of the records.")
    ] = date(2026, 10, 31),
    character: Annotated[str, typer.Option(help="Kind of landlord: see docs/analyst.md.")] = "city",
) -> None:
    """Write a synthetic landlord in the canonical layout, and truth.csv."""
    from redflags.simulation import CHARACTERS, write_landlord
    from redflags.simulation import simulate as make

    if character not in CHARACTERS:
        raise UsageError(f"--character: expected one of {', '.join(CHARACTERS)}")
    landlord = make(homes, years, seed, until, CHARACTERS[character])
    write_landlord(landlord, output)
    typer.echo(f"wrote a landlord of {homes:,} homes up to {until} to {output}")


def check(
    source: Annotated[
        str, typer.Option(help="Preview ten rows of this source, and what does not fit.")
    ] = "",
) -> None:
    """Check configuration and sources; list every fault at once, and unmapped codes with counts."""
    from redflags.services.intake.ingest import take_everything
    from redflags.services.intake.source_check import findings

    program = read_program()
    program.check_configuration()
    if source:
        _preview(program, source)
        return
    day = today()
    with program.passing_record_store() as records:
        intake = program.intake(records, day)
        policy, signals_hash = program.ingest_policy(day), program.signal_set.hash
        ingested = take_everything(intake, policy, day, signals_hash)
        found = findings(ingested, program.classifier, records.codes())
    for line in found.lines:
        typer.echo(line)
    if found.faults:
        raise ConfigurationError(found.faults)
    typer.echo(
        f"configuration is sound: {len(program.ruleset.rules)} rules ({program.ruleset.hash}), "
        f"signals {program.signal_set.hash}, {len(program.sources)} sources"
    )


def _preview(program: "Program", name: str) -> None:
    """What becomes of ten rows of one source."""
    lines, faults = program.preview(name)
    for line in lines:
        typer.echo(line)
    if faults:
        raise ConfigurationError(faults)


def ingest(as_of: AsOf = None) -> None:
    """Pull, check and store records; print what happened to the rows of each table."""
    from redflags.services.intake.ingest import take_everything

    program = read_program()
    program.check_configuration()
    day = night_day(as_of)
    with program.record_store() as records:
        intake = program.intake(records, day)
        policy, signals_hash = program.ingest_policy(day), program.signal_set.hash
        ingested = take_everything(intake, policy, day, signals_hash)
    print_tables(ingested.tables)
    print_notes(ingested.notes)
    if not ingested.is_whole:
        raise typer.Exit(PARTIAL)


def problems(
    limit: Annotated[int, typer.Option(help="How many rows to list.")] = 50,
) -> None:
    """List rows set aside or repaired, and where sources differ; never the value."""
    program = read_program()
    with program.record_store() as records:
        found, order = records.problems(), records.source_order()
        contradictions = records.contradictions()
    print_contradictions(contradictions, order)
    print_problems(found, limit)


def purge(as_of: AsOf = None) -> None:
    """Delete job text, records and login records that are past their retention period."""
    from redflags.adapters.store import retention
    from redflags.bootstrap import utc_now
    from redflags.casework.accounts.first_administrator import OPERATOR

    program = read_program()
    kept = program.ruleset.retention
    day = as_of or today()
    texts_before = day - timedelta(days=kept.text_days.value)
    traces_before = end_of_day_utc(day - program.reviewset.times.traces - timedelta(days=1))
    with program.record_store() as records:
        gone = records.purge(texts_before, day - timedelta(days=kept.record_days.value))
    with program.queue_store() as queue, queue.writing() as connection:
        gone |= retention.purge(connection, OPERATOR, utc_now(), texts_before, traces_before)
    typer.echo(", ".join(f"{rows:,} {what}" for what, rows in gone.items()) + " dropped")
