"""Read the days of firmware that agents told, from which a year of purchase is estimated where the books say none."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, select

from machxa_collector.store.tables import assets


def firmware_days(engine: Engine) -> dict[str, date]:
    """Return the firmware's day of each asset that tells one, by its id; merged records are left out."""
    query = select(assets.c.id, assets.c.bios_on).where(assets.c.bios_on.is_not(None), assets.c.merged_into.is_(None))
    with engine.connect() as connection:
        return {row.id: row.bios_on for row in connection.execute(query)}


def firmware_day_of(engine: Engine, asset_id: str) -> date | None:
    """Return one asset's firmware day, None where it tells none."""
    with engine.connect() as connection:
        day: date | None = connection.execute(select(assets.c.bios_on).where(assets.c.id == asset_id)).scalar()
        return day
