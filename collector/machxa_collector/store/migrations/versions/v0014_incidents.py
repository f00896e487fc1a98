"""What is judged, and what people did about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "heard",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("agent_pk", sa.Integer(), nullable=False),
        sa.Column("is_presence", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_heard")),
    )
    op.create_index("ix_heard_received_at", "heard", ["received_at"])
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("layer", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_noticed_at", "incidents", ["noticed_at", "id"])
    op.create_index("ix_incidents_ended_at", "incidents", ["ended_at"])
    op.create_table(
        "incident_units",
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("incident", "unit", name=op.f("pk_incident_units")),
    )
    op.create_index("ix_incident_units_unit", "incident_units", ["unit"])
    op.create_table(
        "incident_acts",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_incident_acts")),
    )
    op.create_index("ix_incident_acts_incident", "incident_acts", ["incident", "pk"])
    op.create_table(
        "incident_notices",
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("told", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "told", name=op.f("pk_incident_notices")),
    )
