"""An index of the agents that are revoked: they are looked for each second, and are few."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

_REVOKED = sa.text("revoked_at IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_agents_revoked_at", "agents", ["revoked_at"], sqlite_where=_REVOKED, postgresql_where=_REVOKED)


def downgrade() -> None:
    """Go back: they are looked for among all."""
    op.drop_index("ix_agents_revoked_at", table_name="agents")
