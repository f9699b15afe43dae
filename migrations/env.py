"""How Alembic runs our migrations: on the connection that `models.migrate` hands over, in one transaction."""

from typing import Any

from alembic import context

from models import Base
from models.migrate import alembic_options

connection: Any = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, **alembic_options())
with context.begin_transaction():
    context.run_migrations()
