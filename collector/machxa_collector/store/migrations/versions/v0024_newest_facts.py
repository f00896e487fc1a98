"""Find an agent's newest facts without reading all it ever told."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_facts_agent_received", "facts", ["agent_pk", "received_at"])
