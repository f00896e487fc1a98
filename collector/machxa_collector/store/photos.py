"""Keep the photograph of a report."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, insert, select

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.pictures import Picture
from machxa_collector.store import audit
from machxa_collector.store.tables import human_reports, report_photos
from machxa_collector.store.territory import within


def keep(store: Engine, territory: Territory, report: str, picture: Picture, entry: Entry) -> bool | None:
    """Keep a report's photograph; return whether it is new, None where the territory has no such report.

    Raises Taken where the report has another one already.
    """
    columns = report_photos.c
    with store.begin() as connection:
        there = select(human_reports.c.id).where(human_reports.c.id == report, within(territory, human_reports.c.unit))
        if connection.execute(there).first() is None:
            return None
        known = connection.execute(select(columns.content).where(columns.report == report)).scalar()
        if known is not None:
            if known != picture.content:
                raise Taken
            return False
        row = {"report": report, "content": picture.content, "width": picture.width, "height": picture.height}
        connection.execute(insert(report_photos).values({**row, "received_at": entry.at}))
        audit.record(connection, entry)
    return True


def one(store: Engine, territory: Territory, report: str) -> bytes | None:
    """Return a report's photograph, None where the territory has no such report or it has none."""
    query = select(report_photos.c.content).join(human_reports, human_reports.c.id == report_photos.c.report)
    query = query.where(human_reports.c.id == report, within(territory, human_reports.c.unit))
    with store.connect() as connection:
        return connection.execute(query).scalar()


def having(store: Engine, reports: Collection[str]) -> frozenset[str]:
    """Return which of these reports have a photograph."""
    query = select(report_photos.c.report).where(report_photos.c.report.in_(sorted(reports)))
    with store.connect() as connection:
        return frozenset(connection.execute(query).scalars())


class Taken(Exception):
    """Say that a report has another photograph already."""
