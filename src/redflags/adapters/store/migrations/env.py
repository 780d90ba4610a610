"""Alembic's entry point: migrations run in the caller's connection and transaction."""

from alembic import context

from redflags.adapters.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
