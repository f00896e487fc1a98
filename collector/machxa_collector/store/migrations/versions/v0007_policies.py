"""Signed policies and how far they are rolled out."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go forward."""
