"""Alembic environment: the metadata of every room, one advisory lock, short lock waits."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from sacco_app.kernel.db import Base, db

MIGRATION_LOCK = 7203114


def run_online() -> None:
    """Upgrade over the application's engine; two deployments at once wait for each other."""
    with db.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
        connection.execute(text("SET lock_timeout = '2s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            compare_server_default=False,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
        connection.commit()


run_online()
