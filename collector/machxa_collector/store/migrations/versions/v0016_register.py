"""What the books say of an asset, and the day of its firmware."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go forward."""
    op.add_column("assets", sa.Column("acquired_year", sa.Integer(), nullable=True))
    op.add_column("assets", sa.Column("acquired_source", sa.String(length=10), nullable=True))
    op.add_column("assets", sa.Column("cost_source", sa.String(length=10), nullable=True))
    op.add_column("assets", sa.Column("book_value_vnd", sa.BigInteger(), nullable=True))
    op.add_column("assets", sa.Column("book_class", sa.String(length=20), nullable=True))
    op.add_column("assets", sa.Column("norm_row", sa.Text(), nullable=True))
    op.add_column("assets", sa.Column("budget", sa.Text(), nullable=True))
    op.add_column("assets", sa.Column("owner", sa.String(length=10), nullable=True))
    op.add_column("assets", sa.Column("supplier", sa.Text(), nullable=True))
    op.add_column("assets", sa.Column("warranty_until", sa.Date(), nullable=True))
    op.add_column("assets", sa.Column("pages", sa.BigInteger(), nullable=True))
    op.add_column("assets", sa.Column("pages_on", sa.Date(), nullable=True))
    op.add_column("assets", sa.Column("bios_on", sa.Date(), nullable=True))
