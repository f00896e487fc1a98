"""Read the incidents that lie at one asset."""

from __future__ import annotations

from sqlalchemy import Engine, select

from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause
from machxa_collector.store.incidents import incident_of
from machxa_collector.store.tables import incidents


def of_asset(store: Engine, asset: str, since: int, most: int) -> list[Incident]:
    """Return up to most incidents of an asset noticed since a moment (ms), those noticed last first."""
    columns = incidents.c
    query = select(columns.body).where(
        columns.cause == Cause.DEVICE.value, columns.subject == asset, columns.noticed_at >= since
    )
    with store.connect() as connection:
        found = connection.execute(query.order_by(columns.noticed_at.desc(), columns.id).limit(most)).scalars()
        return [incident_of(body) for body in found]
