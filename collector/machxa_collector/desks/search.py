"""Give the search page what it finds, and the page of a dossier why it is late."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from machxa_collector.api.access import principal_of, request_territory
from machxa_collector.api.answers import iso, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.impact_views import late_view
from machxa_collector.api.search_views import View, name_of, search_view
from machxa_collector.effects.overdue import explain_rows
from machxa_collector.impact.dossiers import DossierRow
from machxa_collector.store import incidents
from machxa_web.admin.desk import Trouble

MOST_HITS = 50
_NONE = Trouble(
    404,
    "không có hồ sơ nào mang đúng mã này trong địa bàn của bạn. Hãy xem lại từng chữ của mã; hồ sơ mới chỉ có ở đây "
    "sau khi tệp hồ sơ được đưa vào (trang Số liệu hồ sơ nói đến ngày nào)",
    "no dossier of exactly this number is yours to see. Look at each letter; a new dossier is here once the file that "
    "has it was taken in (Figures of dossiers says up to when)",
)


class StoreSearch:
    """Answer machxa_web's SearchDesk from the store."""

    def __init__(self, request: Request) -> None:
        self._deps: Deps = request.app.state.deps
        self._who = principal_of(request)
        self._territory = request_territory(request)

    def find(self, text: str) -> View:
        """Return what a text may mean, in the shape of the public API."""
        return search_view(self._deps, self._who, self._territory, text, MOST_HITS)

    def dossier(self, number: str) -> View:
        """Return the dossiers of a number, of one source each, with the split of what is late."""
        facts, units = self._deps.facts, self._territory.units
        rows = [row for row in facts.dossiers.named(number) if units is None or row.unit in units]
        if not rows:
            raise _NONE
        return {"number": number, "dossiers": [self._one(row) for row in rows]}

    def _one(self, row: DossierRow) -> View:
        told = next(iter(explain_rows(self._deps.facts, row.unit, [row])[0]), None)
        late = None if told is None else late_view(told)
        return {
            "source": row.source,
            "unit": row.unit,
            "unit_name": name_of(self._deps, row.unit),
            "group": row.group.value,
            "received": iso(ms_of(row.received)),
            "due": None if row.must_end is None else iso(ms_of(row.must_end)),
            "recorded": None if row.ended is None else iso(ms_of(row.ended)),
            "split": None if late is None else late["split"],
            "incidents": [] if told is None else self._weighed(told.incidents),
        }

    def _weighed(self, ids: Sequence[str]) -> list[View]:
        known = incidents.many(self._deps.store, ids)
        return [
            {"id": id_, "cause": one.cause.value, "since": iso(one.started_at), "until": iso(one.ended_at)}
            for id_ in ids
            if (one := known.get(id_)) is not None
        ]


def search_of(request: Request) -> StoreSearch:
    """Return the desk of who asks."""
    return StoreSearch(request)
