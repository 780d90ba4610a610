"""Every command under its name, in the order in which help lists them."""

import typer

from redflags.cli import (
    alerts,
    audit,
    backtest,
    data,
    fairness,
    model,
    night,
    people,
    profile,
    report,
    ruleset,
    serve,
    tune,
)

app = typer.Typer(
    name="redflags",
    help="Finds homes where somebody may not be safe, for a person to decide on a welfare check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for command in (
    serve.serve,
    report.report,
    fairness.fairness,
    fairness.baseline,
    tune.tune,
    model.mlflow,
    data.simulate,
    data.check,
    profile.profile,
    data.ingest,
    alerts.score,
    night.night,
    backtest.backtest,
    alerts.alerts,
    night.status,
    night.deliver,
    data.problems,
    data.purge,
):
    app.command()(command)

app.add_typer(audit.audit, name="audit")
app.add_typer(people.user, name="user")
app.add_typer(ruleset.ruleset, name="ruleset")
app.add_typer(model.model, name="model")
