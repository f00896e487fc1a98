"""Who watches for its unit, and as what an agent is connected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go forward."""
    op.add_column("presence", sa.Column("role", sa.String(length=40), nullable=True))
    op.create_table(
        "unit_roles",
        sa.Column("agent_pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("on_duty", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("duty_since", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_pk"], ["agents.pk"], name=op.f("fk_unit_roles_agent_pk_agents")),
        sa.PrimaryKeyConstraint("agent_pk", name=op.f("pk_unit_roles")),
    )
    op.create_index("ix_unit_roles_unit", "unit_roles", ["unit"], unique=False)
    op.create_table(
        "role_pins",
        sa.Column("agent_pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("pinned_at", sa.BigInteger(), nullable=False),
        sa.Column("pinned_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_pk"], ["agents.pk"], name=op.f("fk_role_pins_agent_pk_agents")),
        sa.PrimaryKeyConstraint("agent_pk", name=op.f("pk_role_pins")),
    )
    op.create_table(
        "attendance",
        sa.Column("agent_pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("worked", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_pk"], ["agents.pk"], name=op.f("fk_attendance_agent_pk_agents")),
        sa.PrimaryKeyConstraint("agent_pk", "day", name=op.f("pk_attendance")),
    )
