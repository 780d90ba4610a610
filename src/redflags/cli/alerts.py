"""How odd each household is, and which of them have an open alert."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.date_arguments import AsOf, parse_day, today
from redflags.cli.program import read_program, some_totals
from redflags.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from redflags.domain.alert import Alert, Evidence


def score(
    output: Annotated[Path, typer.Option(help="File to write: .csv or .parquet.")],
    as_of: AsOf = None,
) -> None:
    """Score every current household from records already ingested; higher is more unusual."""
    from redflags.adapters.records import CANARY_PATCH
    from redflags.services.night.score_households import score_table

    if output.suffix not in {".csv", ".parquet"}:
        raise UsageError(f"--output: expected a name ending in .csv or .parquet, got {output.name}")
    program = read_program()
    program.check_configuration()
    with program.record_store() as records, program.queue_store() as queue:
        some_totals(records)
        table = score_table(
            records, queue, program.ruleset, program.models(), as_of or today(), CANARY_PATCH
        )
    _write_whole(table, output)
    typer.echo(f"scored {len(table):,} households to {output}")


def _write_whole(table: "pd.DataFrame", output: Path) -> None:
    """Aside first: nobody reads half a table."""
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.unfinished")
    if output.suffix == ".csv":
        table.to_csv(unfinished, index=False)
    else:
        table.to_parquet(unfinished, index=False)
    unfinished.replace(output)


def alerts(
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of", parser=parse_day, metavar="DATE", help="Only those raised on this day."
        ),
    ] = None,
    output_format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List the open alerts, most urgent first."""
    if output_format not in {"text", "json"}:
        raise UsageError(f"--format: expected text or json, got {output_format}")
    program = read_program()
    with program.queue_store() as queue:
        listed = queue.alerts(as_of)
    if output_format == "json":
        typer.echo(json.dumps([_as_json(alert) for alert in listed], indent=2))
        return
    for alert in listed:
        typer.echo(_as_text(alert))
    typer.echo(f"{len(listed)} alerts")


def _as_json(alert: "Alert") -> dict[str, object]:
    """The shape the contract promises for ``redflags alerts --format json``."""
    return {
        "alert_id": alert.alert_id,
        "tenancy_ref": alert.tenancy_ref,
        "raised_on": alert.raised_on.isoformat(),
        "priority": alert.priority.label,
        "score": alert.score,
        "state": str(alert.state),
        "routing": str(alert.routing),
        "reasons": [
            {
                "rule_id": reason.rule_id,
                "sentence": reason.sentence,
                "evidence": [_evidence_as_json(item) for item in reason.evidence],
            }
            for reason in alert.reasons
        ],
        "ruleset_hash": alert.ruleset_hash,
        "signals_hash": alert.signals_hash,
        "model_version": alert.model_version,
    }


def _evidence_as_json(item: "Evidence") -> dict[str, object]:
    return {
        "occurred_on": item.occurred_on.isoformat(),
        "table": item.table,
        "ref": item.ref,
        "signal": item.signal,
        "tell": item.tell,
        "source": item.source,
    }


def _as_text(alert: "Alert") -> str:
    """A heading and one line a rule: what it said last."""
    heading = (
        f"{alert.alert_id}  {alert.priority.label:<8} score {alert.score:6.2f}  "
        f"household {alert.tenancy_ref}  raised {alert.raised_on}  {alert.state}"
    )
    if alert.routing != "general":
        heading += f"  ({alert.routing} only)"
    newest = {reason.rule_id: reason.sentence for reason in alert.reasons}
    return "\n".join([heading, *(f"    {sentence}" for sentence in newest.values())])
