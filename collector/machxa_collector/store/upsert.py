"""Insert a row or replace its values, on any dialect of ours."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table, and_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def upsert(connection: Connection, table: Table, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Set values on the row of a unique key, making the row when there is none, whoever else does so meanwhile."""
    where = and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(update(table).where(where).values(dict(values))).rowcount == 0:
        insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        row = insert(table).values({**key, **values})
        connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
