"""Several collectors on one store: who they are, their turn, and who leads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "members",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("start", sa.String(32), nullable=False),
        sa.Column("authority", sa.String(64), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_members")),
    )
    op.create_table(
        "member_turn",
        sa.Column("pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("instance", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_member_turn")),
    )
    op.create_table(
        "member_leader",
        sa.Column("pk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_member_leader")),
    )


def downgrade() -> None:
    """Go back: who the members were is forgotten."""
    for name in ("member_leader", "member_turn", "members"):
        op.drop_table(name)
