"""Insert a row or replace its values, on any dialect of ours."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table, and_, insert, update


def upsert(connection: Connection, table: Table, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Set values on the row of a key, making the row when there is none; the caller is the table's only writer."""
    where = and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(update(table).where(where).values(dict(values))).rowcount == 0:
        connection.execute(insert(table).values({**key, **values}))
