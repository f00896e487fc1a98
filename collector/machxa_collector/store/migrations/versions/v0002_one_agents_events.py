"""Find one agent's events, and an asset's agent, without reading the whole fleet's."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_agents_asset_id", "agents", ["asset_id"])
    op.create_index("ix_events_agent_at", "events", ["agent_pk", "at", "stream_pk", "seq"])
