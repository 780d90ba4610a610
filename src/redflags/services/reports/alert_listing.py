"""Alerts as the command line shows them: the contract's JSON, and lines for a person."""

from collections.abc import Hashable, Mapping

import pandas as pd

from redflags.domain.alert import Alert, Evidence


def alert_as_json(alert: Alert) -> dict[str, object]:
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


def _evidence_as_json(item: Evidence) -> dict[str, object]:
    return {
        "occurred_on": item.occurred_on.isoformat(),
        "table": item.table,
        "ref": item.ref,
        "signal": item.signal,
        "tell": item.tell,
        "source": item.source,
    }


def alert_as_text(alert: Alert) -> str:
    """A heading and one line a rule: what it said last."""
    heading = (
        f"{alert.alert_id}  {alert.priority.label:<8} score {alert.score:6.2f}  "
        f"household {alert.tenancy_ref}  raised {alert.raised_on}  {alert.state}"
    )
    if alert.routing != "general":
        heading += f"  ({alert.routing} only)"
    newest = {reason.rule_id: reason.sentence for reason in alert.reasons}
    return "\n".join([heading, *(f"    {sentence}" for sentence in newest.values())])


def problem_lines(problems: pd.DataFrame, limit: int) -> list[str]:
    """Counts by place and code, then the newest rows: where and why, never what."""
    place = problems["table_name"] + "." + problems["column_name"].replace("", "(row)")
    counts = (place + ": " + problems["code"]).value_counts().sort_index()
    lines = [f"{rows:>8,}  {what}" for what, rows in counts.items()]
    shown = problems.head(limit)
    lines += [_problem_line(row) for row in shown.to_dict("records")]
    left_out = len(problems) - len(shown)
    more = f"; {left_out:,} are not shown, --limit {len(problems)} lists all" if left_out else ""
    return [*lines, f"{len(shown):,} of {len(problems):,} problems{more}"]


def _problem_line(row: Mapping[Hashable, object]) -> str:
    return (
        f"{str(row['noticed_on'])[:10]}  {row['source']}/{row['name']} row {row['row_number']}  "
        f"{row['ref_pseudonym'] or '(no reference)'}  "
        f"{row['column_name'] or '(row)'}: {row['code']}"
    )
