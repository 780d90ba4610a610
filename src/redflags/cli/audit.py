"""`redflags audit`: whether the trail is as it was written."""

import typer

from redflags.cli.program import read_program

audit = typer.Typer(help="The audit trail.", no_args_is_help=True)


@audit.command("verify")
def verify() -> None:
    """Check the chain of audit entries; exits with 1 if one was removed, altered or reordered."""
    program = read_program()
    with program.queue_store() as queue:
        queue.verify_audit()
        head = queue.audit_head()
    typer.echo(f"the audit trail is intact: {head.entries} entries")
