"""`redflags user`: who may use the review queue, and their one-time links."""

from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.program import read_program
from redflags.errors import ConfigurationError, InvalidAct, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from redflags.bootstrap import Program
    from redflags.domain.people import Person, Role

user = typer.Typer(help="Who may use the review queue.", no_args_is_help=True)

Email = Annotated[str, typer.Option(help="Email address they log in with.")]


@user.command("add")
def add(
    email: Email = "",
    name: Annotated[str, typer.Option(help="Name as colleagues know them.")] = "",
    role: Annotated[
        list[str] | None,
        typer.Option(help="reviewer, manager, specialist, analyst, repairs, auditor or admin."),
    ] = None,
    patch: Annotated[list[str] | None, typer.Option(help="An area they work in.")] = None,
    every_patch: Annotated[bool, typer.Option("--every-patch", help="All areas.")] = False,
) -> None:
    """Add a person and print their one-time link; every fault in the options is named at once."""
    from redflags.bootstrap import utc_now
    from redflags.casework import accounts

    program = read_program()
    roles, faults = _roles(role or [])
    with program.queue_store() as store, store.writing() as connection:
        faults += _faults(connection, email, name, roles, patch or [], every_patch)
        if faults:
            raise ConfigurationError(faults)
        person = accounts.add_person(
            connection,
            accounts.OPERATOR,
            utc_now(),
            email=email,
            name=name,
            roles=roles,
            patches=patch or [],
            every_patch=every_patch,
        )
        link = _link(program, connection, person, utc_now())
    typer.echo(f"added {person.email}; their one-time link: {link}")
    _say_whose_address(program)


@user.command("link")
def link(email: Email) -> None:
    """Print a new one-time link for somebody; their earlier links stop working."""
    from redflags.bootstrap import utc_now
    from redflags.casework import accounts

    program = read_program()
    with program.queue_store() as store, store.writing() as connection:
        person = accounts.person_with_email(connection, email)
        if person is None:
            raise UsageError(
                "--email: expected the address of an account, got another; see redflags user list"
            )
        try:
            address = _link(program, connection, person, utc_now())
        except InvalidAct as error:
            raise UsageError(f"--email: {error.expected}") from None
    typer.echo(f"one-time link for {person.email}: {address}")
    _say_whose_address(program)


@user.command("list")
def listing() -> None:
    """List everybody: address, name, roles, areas, and whether the account is enabled."""
    from redflags.casework import accounts

    with read_program().queue_store() as store, store.reading() as connection:
        everybody = accounts.people(connection)
    for person in everybody:
        typer.echo(_line(person))
    typer.echo(f"{len(everybody)} accounts")


def _roles(given: list[str]) -> "tuple[list[Role], list[str]]":
    """The roles, and a fault for each word that is none."""
    from redflags.domain.people import Role

    known = {role.value: role for role in Role}
    faults = [
        f"--role: expected one of {', '.join(known)}, got {word!r}"
        for word in given
        if word not in known
    ]
    return [known[word] for word in given if word in known], faults


def _faults(
    connection: "Connection",
    email: str,
    name: str,
    roles: "list[Role]",
    patches: list[str],
    every_patch: bool,
) -> list[str]:
    from redflags.casework import accounts

    found = accounts.faults_of(email, name, roles, patches)
    found += accounts.area_faults(connection, roles, patches, every_patch)
    if accounts.person_with_email(connection, email) is not None:
        found.append(InvalidAct("email", "Somebody already has an account with this email address"))
    options = {"email": "--email", "name": "--name", "roles": "--role", "patches": "--patch"}
    return [f"{options[fault.field]}: {fault.expected}" for fault in found]


def _link(program: "Program", connection: "Connection", person: "Person", now: "datetime") -> str:
    from redflags.casework import accounts

    holds = program.reviewset.times.invitation_holds
    token = accounts.invite(connection, accounts.OPERATOR, person.person_id, now, holds)
    return f"{program.settings.review_url.rstrip('/')}/welcome/{token}"


def _say_whose_address(program: "Program") -> None:
    """Nobody told where the review queue is: `serve` may well run elsewhere."""
    if "review_url" not in program.settings.model_fields_set:
        typer.echo(
            f"redflags: REDFLAGS_REVIEW_URL is not set, so the link begins with "
            f"{program.settings.review_url}; where `serve` runs elsewhere put its address there, "
            "or set the variable",
            err=True,
        )


def _line(person: "Person") -> str:
    areas = "every area" if person.every_patch else ", ".join(sorted(person.patches)) or "no area"
    state = "on" if person.is_active else "off"
    return f"{person.email}  {person.name}  {', '.join(sorted(person.roles))}  {areas}  {state}"
