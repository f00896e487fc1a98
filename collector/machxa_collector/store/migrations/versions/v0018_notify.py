"""Who is told what: channels, wishes, what was told, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go forward; what was noted as told before is passed on already."""
    op.add_column("incident_notices", sa.Column("passed_at", sa.BigInteger(), nullable=True))
    op.add_column("incident_notices", sa.Column("severity", sa.Integer(), nullable=True))
    op.execute("UPDATE incident_notices SET passed_at = at")
    op.create_index("ix_incident_notices_passed_at", "incident_notices", ["passed_at"])
    op.create_table(
        "notify_channels",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notify_channels")),
    )
    op.create_table(
        "notify_wishes",
        sa.Column("recipient", sa.String(length=50), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_notify_wishes")),
    )
    op.create_table(
        "notify_lines",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=50), nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("told", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_notify_lines")),
        sa.UniqueConstraint("recipient", "incident", "told", name=op.f("uq_notify_lines_recipient")),
    )
    op.create_index("ix_notify_lines_incident", "notify_lines", ["incident"])
    op.create_index("ix_notify_lines_way", "notify_lines", ["way", "message"])
    op.create_index("ix_notify_lines_at", "notify_lines", ["at"])
    op.create_table(
        "notify_messages",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("recipient", sa.String(length=50), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_notify_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_notify_messages_key")),
    )
    op.create_index("ix_notify_messages_recipient", "notify_messages", ["recipient", "pk"])
    op.create_index("ix_notify_messages_state", "notify_messages", ["state", "channel", "next_at"])
    op.create_index("ix_notify_messages_made_at", "notify_messages", ["made_at"])
