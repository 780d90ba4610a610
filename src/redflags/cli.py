"""The commands: parse, call a service, print. Heavy libraries are imported where needed."""

import json
import os
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from redflags import cli_fairness, cli_model, cli_people, cli_report, cli_ruleset, cli_tune
from redflags.domain.clock import end_of_day_utc
from redflags.errors import ConfigurationError, RedflagsError, UsageError
from redflags.settings import read_settings

if TYPE_CHECKING:
    from redflags.bootstrap import Program
    from redflags.services.summary import NightSummary

DONE, NO, WRONG, PARTIAL, FAILED = 0, 1, 2, 3, 4
LONDON = ZoneInfo("Europe/London")
FURTHEST_AHEAD_DAYS = 366

app = typer.Typer(
    name="redflags",
    help="Puts households where somebody may not be safe before a person, for a welfare check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
audit = typer.Typer(help="The audit trail.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(cli_people.user, name="user")
app.command()(cli_people.serve)
app.command()(cli_report.report)
app.command()(cli_fairness.fairness)
app.command()(cli_fairness.baseline)
app.command()(cli_tune.tune)
app.add_typer(cli_ruleset.ruleset, name="ruleset")
app.add_typer(cli_model.model, name="model")
app.command()(cli_model.mlflow)


def _day(text: str | date) -> date:
    if isinstance(text, date):  # typer parses defaults too
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("expected a date as YYYY-MM-DD") from None


AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=_day, metavar="DATE", help="Day of the night; today when not given."
    ),
]


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


def _program() -> "Program":
    from redflags.bootstrap import Program

    return Program(read_settings())


def _today() -> date:
    return datetime.now(LONDON).date()


def _night_day(as_of: date | None) -> date:
    """The day of a night that writes; a mistyped year would put every record past its keeping."""
    day = as_of or _today()
    if day > _today() + timedelta(days=FURTHEST_AHEAD_DAYS):
        raise UsageError(
            f"--as-of: expected a day up to a year from today, got {day}; mend the year"
        )
    return day


@app.command()
def simulate(
    homes: Annotated[int, typer.Option(help="How many homes the landlord has.")],
    output: Annotated[Path, typer.Option(help="Folder for the extracts and truth.csv.")],
    years: Annotated[float, typer.Option(help="Years of records.")] = 3.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same landlord.")] = 1,
    until: Annotated[
        date, typer.Option(parser=_day, metavar="DATE", help="Last day of the records.")
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


@app.command()
def check() -> None:
    """Check configuration and sources; every fault at once, unmapped codes with their counts."""
    from redflags.services.checking import findings
    from redflags.services.ingest import take_everything

    program = _program()
    program.check_configuration()
    day = _today()
    with program.passing_record_store() as records:
        intake = program.intake(records, day)
        tables = take_everything(intake, program.door(day), day, program.signal_set.hash)
        found = findings(intake, tables, program.classifier)
    for line in found.lines:
        typer.echo(line)
    if found.faults:
        raise ConfigurationError(found.faults)
    typer.echo(
        f"configuration is sound: {len(program.ruleset.rules)} rules ({program.ruleset.hash}), "
        f"signals {program.signal_set.hash}, {len(program.sources)} sources"
    )


@app.command()
def ingest(as_of: AsOf = None) -> None:
    """Pull, check, set aside and store; prints what became of the rows of each table."""
    from redflags.services.ingest import take_everything

    program = _program()
    program.check_configuration()
    day = _night_day(as_of)
    with program.record_store() as records:
        intake = program.intake(records, day)
        tables = take_everything(intake, program.door(day), day, program.signal_set.hash)
    _print_tables([(t.table, t.read, t.accepted, t.quarantined, t.replaced) for t in tables])
    for note in intake.notes:
        typer.echo(f"note: {note}", err=True)
    if not intake.is_whole:
        raise typer.Exit(PARTIAL)


def _print_tables(rows: list[tuple[str, int, int, int, int]]) -> None:
    typer.echo(f"{'table':<14}{'read':>10}{'accepted':>10}{'quarantined':>13}{'replaced':>10}")
    for table, read, accepted, quarantined, replaced in rows:
        typer.echo(f"{table:<14}{read:>10,}{accepted:>10,}{quarantined:>13,}{replaced:>10,}")


@app.command()
def score(
    output: Annotated[Path, typer.Option(help="File to write: .csv or .parquet.")],
    as_of: AsOf = None,
) -> None:
    """Score every current household from the records already ingested; higher is odder."""
    from redflags.adapters.records import CANARY_PATCH
    from redflags.services.scoring import score_table

    if output.suffix not in {".csv", ".parquet"}:
        raise UsageError(f"--output: expected a name ending in .csv or .parquet, got {output.name}")
    program = _program()
    program.check_configuration()
    with program.record_store() as records, program.queue_store() as queue:
        if not any(records.totals().values()):
            raise UsageError("there are no records yet; run `redflags ingest` first")
        table = score_table(
            records, queue, program.ruleset, program.models(), as_of or _today(), CANARY_PATCH
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.unfinished")
    if output.suffix == ".csv":
        table.to_csv(unfinished, index=False)
    else:
        table.to_parquet(unfinished, index=False)
    unfinished.replace(output)
    typer.echo(f"scored {len(table):,} households to {output}")


@app.command()
def night(
    as_of: AsOf = None,
    summary_json: Annotated[
        Path | None, typer.Option(help="File for the summary of the night.")
    ] = None,
) -> None:
    """Take every source, score, queue, notify. Running it twice is running it once."""
    from flows.local import run_night

    settings = read_settings()
    summary = run_night(settings, _night_day(as_of))
    if summary_json is not None:
        summary_json.parent.mkdir(parents=True, exist_ok=True)
        summary_json.write_text(json.dumps(summary.as_json(), indent=2) + "\n", encoding="utf-8")
    _print_night(summary)
    if summary.outcome == "partial":
        raise typer.Exit(PARTIAL)


def _print_night(summary: "NightSummary") -> None:
    _print_tables(
        [(t.table, t.read, t.accepted, t.quarantined, t.replaced) for t in summary.tables]
    )
    for note in summary.notes:
        typer.echo(f"note: {note}", err=True)
    alerts = summary.alerts
    typer.echo(
        f"night of {summary.as_of}: {summary.outcome}; {summary.households:,} households "
        f"({summary.insufficient_history:,} with too little history); alerts: {alerts.raised} "
        f"raised, {alerts.updated} updated, {alerts.open} open, {alerts.waiting} beyond capacity"
    )


@app.command()
def backtest(
    first: Annotated[date, typer.Option("--from", parser=_day, metavar="DATE")],
    last: Annotated[date, typer.Option("--to", parser=_day, metavar="DATE")],
    output: Annotated[Path, typer.Option(help="Folder for tables, page and charts.")],
    every: Annotated[str, typer.Option(help="Days between replayed nights.")] = "7d",
    capacity: Annotated[
        int | None, typer.Option(help="Alerts a replayed night; the rule set's when not given.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="CSV of known episodes: tenancy_ref, onset, end.")
    ] = None,
    ruleset: Annotated[
        list[Path] | None, typer.Option(help="Rule set to replay; several are compared.")
    ] = None,
    review_after: Annotated[
        str, typer.Option(help="How long people are taken to need for an alert.")
    ] = "7d",
) -> None:
    """Replay history night by night: the work there would have been, and what was found."""
    from redflags.cli_backtest import Wanted, days_of, run_backtest
    from redflags.services.backtest_report import lines

    wanted = Wanted(
        first=first,
        last=last,
        output=output,
        every=days_of("--every", every),
        review_after=days_of("--review-after", review_after),
        capacity=capacity,
        labels=labels,
        rulesets=ruleset or [],
    )
    for line in lines(run_backtest(_program(), wanted)):
        typer.echo(line)
    typer.echo(f"wrote {output / 'backtest.html'}")


@app.command()
def alerts(
    as_of: Annotated[
        date | None,
        typer.Option("--as-of", parser=_day, metavar="DATE", help="Only those raised on this day."),
    ] = None,
    output_format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List the open alerts, most urgent first."""
    from redflags.services.listing import alert_as_json, alert_as_text

    if output_format not in {"text", "json"}:
        raise UsageError(f"--format: expected text or json, got {output_format}")
    program = _program()
    with program.queue_store() as queue:
        listed = queue.alerts(as_of)
    if output_format == "json":
        typer.echo(json.dumps([alert_as_json(alert) for alert in listed], indent=2))
        return
    for alert in listed:
        typer.echo(alert_as_text(alert))
    typer.echo(f"{len(listed)} alerts")


@app.command()
def status() -> None:
    """The last night, its counts and what is overdue; ends with 1 when a night is missing."""
    from redflags.services.status import read_status

    program = _program()
    with program.queue_store() as queue:
        answer = read_status(queue, datetime.now(LONDON))
    for line in answer.lines:
        typer.echo(line)
    if answer.is_missing:
        raise typer.Exit(NO)


@app.command()
def deliver() -> None:
    """Tidy the queue, write due reminders, send what waits; ends with 1 when something waits."""
    from redflags.bootstrap import utc_now

    program = _program()
    with program.queue_store() as queue:
        tidied = program.tidy(queue, utc_now())
        waiting = queue.count_waiting_messages()
    typer.echo(", ".join(f"{count} {what}" for what, count in tidied.done.items()))
    typer.echo(f"{waiting} messages wait")
    for what, why in tidied.failed.items():
        typer.echo(f"redflags: not done ({what}): {why}", err=True)
    if tidied.failed:
        raise typer.Exit(FAILED)
    if waiting:
        raise typer.Exit(NO)


@app.command()
def problems(
    limit: Annotated[int, typer.Option(help="How many rows to list.")] = 50,
) -> None:
    """List rows that were set aside or repaired: place and reason, never the value."""
    from redflags.services.listing import problem_lines

    program = _program()
    with program.record_store() as records:
        found = records.problems()
    for line in problem_lines(found, limit):
        typer.echo(line)


@app.command()
def purge(as_of: AsOf = None) -> None:
    """Drop job text, records and traces of logging in that are older than may be kept."""
    from redflags.adapters.store import retention
    from redflags.adapters.store.people.first_run import OPERATOR
    from redflags.bootstrap import utc_now

    program = _program()
    kept = program.ruleset.retention
    day = as_of or _today()
    texts_before = day - timedelta(days=kept.text_days.value)
    traces_before = end_of_day_utc(day - program.reviewset.times.traces - timedelta(days=1))
    with program.record_store() as records:
        gone = records.purge(texts_before, day - timedelta(days=kept.record_days.value))
    with program.queue_store() as queue, queue.writing() as connection:
        gone |= retention.purge(connection, OPERATOR, utc_now(), texts_before, traces_before)
    typer.echo(", ".join(f"{rows:,} {what}" for what, rows in gone.items()) + " dropped")


@audit.command("verify")
def audit_verify() -> None:
    """Check the chain of audit entries; ends with 1 when one was removed, altered or reordered."""
    program = _program()
    with program.queue_store() as queue:
        queue.verify_audit()
        head = queue.audit_head()
    typer.echo(f"the audit trail is whole: {head.entries} entries")


if __name__ == "__main__":
    script()
