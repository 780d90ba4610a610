"""`redflags model` and `redflags mlflow`: train, refit, look at, compare and promote models."""

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.date_arguments import AsOf, past_day, today
from redflags.cli.exit_codes import DONE, FAILED
from redflags.cli.program import read_program
from redflags.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from redflags.adapters.models import KnownVersion
    from redflags.bootstrap import Program
    from redflags.services.models.promotion import PromotionRequest

model = typer.Typer(
    help="Models: what they learned, and which one nights use.", no_args_is_help=True
)
NAMES = ("redflags-ranker", "redflags-outliers")
LOCAL = "127.0.0.1"

Name = Annotated[str, typer.Argument(help="redflags-ranker or redflags-outliers.")]
Version = Annotated[str, typer.Argument(help="Number of the version: `redflags model list`.")]
By = Annotated[str, typer.Option(help="The person who decides.")]
Why = Annotated[str, typer.Option("--reason", help="Why.")]


@model.command("train")
def train() -> None:
    """Learn an order from outcomes and register it as challenger; it is never promoted here."""
    from redflags.bootstrap.train_ranker import run_training

    for line in run_training(read_program(), today()):
        typer.echo(line)


@model.command("list")
def list_versions() -> None:
    """List every version of every model, with its aliases and its comparison."""
    program = read_program()
    for name in NAMES:
        for known in program.registry.versions(name):
            typer.echo(_line(name, known))


@model.command("compare")
def compare(name: Name = NAMES[0]) -> None:
    """Show how each version compared with the current order, as recorded."""
    from redflags.services.models.promotion import COMPARED, PASSED

    for known in read_program().registry.versions(name):
        words = known.tags.get(COMPARED, "no comparison on record")
        passed = known.tags.get(PASSED)
        typer.echo(f"{_line(name, known)}: {words}" + (f"; passed: {passed}" if passed else ""))


def _line(name: str, known: "KnownVersion") -> str:
    aliases = f" ({', '.join(known.aliases)})" if known.aliases else ""
    return f"{name} {known.version}{aliases}, fitted as of {known.tags.get('fitted_as_of', '?')}"


@model.command("promote")
def promote(
    name: Name,
    version: Version,
    by: By = "",
    reason: Why = "",
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Alias shadow, which needs no comparison.")
    ] = False,
) -> None:
    """Make a version champion: needs a person, a reason and a passing comparison."""
    from redflags.services.models.promotion import CHAMPION, SHADOW, PromotionRequest, check

    program = read_program()
    known = {one.version: one for one in program.registry.versions(_known(name))}
    wish = PromotionRequest(name, version, SHADOW if shadow else CHAMPION, by, reason)
    check(wish, known[version].tags if version in known else None)
    _promote(program, wish, "model_promoted")
    typer.echo(f"{name} {version} is {wish.alias}")


@model.command("refit")
def refit(by: By = "", reason: Why = "", as_of: AsOf = None) -> None:
    """Refit the outlier model on the current records; nights use it from then on."""
    from redflags.bootstrap.refit_outliers import run_refit
    from redflags.services.models.model_choice import OUTLIERS
    from redflags.services.models.promotion import CHAMPION, PromotionRequest, check_decision
    from redflags.services.models.refit_outliers import lines

    check_decision(OUTLIERS, by, reason)
    program = read_program()
    made = run_refit(program, past_day(as_of))
    _promote(
        program, PromotionRequest(OUTLIERS, made.version, CHAMPION, by, reason), "model_refitted"
    )
    for line in lines(made.refitted, made.version, made.former):
        typer.echo(line)


@model.command("retire")
def retire(name: Name, by: By = "", reason: Why = "") -> None:
    """Retire the champion: nights go back to the order that was not learned."""
    from redflags.services.models.model_choice import RANKER
    from redflags.services.models.promotion import CHAMPION, PromotionRequest, check

    if name != RANKER:
        raise UsageError(f"expected {RANKER}, got another name; nights need the other models")
    program = read_program()
    champions = [one for one in program.registry.versions(name) if CHAMPION in one.aliases]
    if not champions:
        raise UsageError(f"no version of {name} is {CHAMPION}")
    wish = PromotionRequest(name, champions[0].version, CHAMPION, by, reason)
    check(wish, champions[0].tags)
    with program.queue_store() as queue, queue.writing() as connection:
        _write_down(connection, wish, "model_retired")
        program.registry.take_away(name, CHAMPION, reason.strip())
    typer.echo(f"{name} {wish.version} is no longer champion")


def _promote(program: "Program", wish: "PromotionRequest", action: str) -> None:
    with program.queue_store() as queue, queue.writing() as connection:
        _write_down(connection, wish, action)
        program.registry.promote(wish.name, wish.version, wish.alias, wish.reason.strip())


def _write_down(connection: "Connection", wish: "PromotionRequest", action: str) -> None:
    """Audited in the transaction that ends only when the registry has done it."""
    from redflags.adapters.store import audit_chain
    from redflags.bootstrap import utc_now

    details = {"model": wish.name, "version": wish.version, "alias": wish.alias}
    audit_chain.append(
        connection, audit_chain.Act(wish.person.strip(), action, utc_now(), details=details)
    )


def _known(name: str) -> str:
    if name not in NAMES:
        raise UsageError(f"expected one of {', '.join(NAMES)}, got another name")
    return name


def mlflow(port: Annotated[int, typer.Option(help="Port on this machine.")] = 5000) -> None:
    """Open MLflow's pages on this machine only, until stopped."""
    from redflags.adapters.models.tracking_server import CLIENT_LIMITS

    registry = read_program().registry
    if registry.tracking.is_elsewhere:
        typer.echo(f"MLflow is at {registry.tracking.uri}")
        return
    registry.versions(NAMES[0])
    typer.echo(f"MLflow is at http://{LOCAL}:{port} (stop with Ctrl+C)")
    where = ["--backend-store-uri", registry.tracking.uri, "--host", LOCAL, "--port", str(port)]
    command = [sys.executable, "-m", "mlflow", "ui", *where]
    ended = subprocess.run(command, env={**os.environ, **CLIENT_LIMITS}, check=False)  # noqa: S603
    raise typer.Exit(DONE if ended.returncode in {0, -2, 130} else FAILED)
