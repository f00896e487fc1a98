"""Hold what all tables share. Times are whole milliseconds since 1970 UTC, days whole days."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def given_key(name: str, target: str | None = None) -> Column[int]:
    """Return an integer column of a primary key whose value is given, never made."""
    parts = [ForeignKey(target)] if target else []
    return Column(name, Integer, *parts, primary_key=True, autoincrement=False)
