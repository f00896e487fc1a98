"""Find the incidents of one subject, and who said hello lately, without reading the others."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_incidents_subject", "incidents", ["subject", "noticed_at"], unique=False)
    op.create_index("ix_hellos_received_at", "hellos", ["received_at"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_hellos_received_at", table_name="hellos")
    op.drop_index("ix_incidents_subject", table_name="incidents")
