"""Give the registry's pages what they ask on behalf of a person: the API's own views, and its refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from fastapi import Request
from starlette.exceptions import HTTPException

from machxa_collector.api import history_views, registry_acts, registry_views
from machxa_collector.api.access import principal_of
from machxa_collector.api.acts import address_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.record_texts import NotThere, View
from machxa_collector.api.registry_acts import Forbidden
from machxa_collector.api.registry_asker import Asker
from machxa_collector.store.records import Conflict, Refused
from machxa_collector.store.registry import LiveRegistry
from machxa_web.admin.desk import Trouble

PER_PAGE = 50
PER_ACT = 20  # changes on a page: those of an import fill a table each
_Answer = TypeVar("_Answer")


class StoreDesk:
    """Answer machxa_web's Desk from the store."""

    def __init__(self, live: LiveRegistry, asker: Asker) -> None:
        self._live = live
        self._asker = asker

    def overview(self) -> object:
        """Return every kind."""
        return registry_views.overview(self._live, self._asker)

    def records(self, kind: str, q: str, unit: str, cursor: str | None) -> object:
        """Return one page of records."""
        return self._asked(
            kind,
            lambda: registry_views.record_page(self._live, self._asker, kind, q, unit, cursor or "", PER_PAGE),
        )

    def record(self, kind: str, record: str) -> object:
        """Return a record with its history."""
        return self._asked(kind, lambda: registry_views.record_detail(self._live, self._asker, kind, record))

    def preview(self, kind: str, record: str | None, values: Mapping[str, str]) -> object:
        """Return what saving would do."""
        return self._asked(kind, lambda: registry_acts.preview(self._live, self._asker, kind, record, values))

    def save(self, kind: str, record: str | None, values: Mapping[str, str], version: str) -> tuple[str, str]:
        """Keep a record; return its id and the act's."""

        def kept() -> View:
            if record is None:
                return registry_acts.create(self._live, self._asker, kind, values)
            return registry_acts.change(self._live, self._asker, kind, record, values, version)

        done = self._asked(kind, kept)
        return _id(done, "record"), _id(done, "batch")

    def remove(self, kind: str, record: str, version: str) -> str:
        """Remove a record; return the act's id."""
        done = self._asked(kind, lambda: registry_acts.remove(self._live, self._asker, kind, record, version))
        return _id(done, "batch")

    def batches(self, kind: str, cursor: str | None) -> object:
        """Return one page of acts."""
        return self._asked(
            kind, lambda: history_views.batch_page(self._live, self._asker, kind, cursor or "", PER_PAGE)
        )

    def batch(self, batch: str, cursor: str | None) -> object:
        """Return an act with a page of its changes."""
        found = self._asked(
            "", lambda: history_views.batch_detail(self._live, self._asker, batch, cursor or "", PER_ACT)
        )
        if found is None:
            raise _NO_ACT
        return found

    def undo(self, batch: str) -> str:
        """Take an act back; return the id of the act that did."""
        found = history_views.batch_detail(self._live, self._asker, batch, "", 1)
        if found is None:
            raise _NO_ACT
        kind = found["batch"]["kind"]  # type: ignore[index] # a view is plain JSON
        return _id(self._asked(kind, lambda: registry_acts.undo(self._live, self._asker, batch)), "batch")

    def _asked(self, kind: str, answer: Callable[[], _Answer]) -> _Answer:
        try:
            return answer()
        except NotThere as exc:
            raise Trouble(404, "không có bản ghi này, hoặc bạn không được xem", str(exc)) from exc
        except Forbidden as exc:
            raise Trouble(
                403, "bạn không có quyền sửa loại bản ghi này; chưa đổi gì", f"{exc}; nothing changed"
            ) from exc
        except Refused as exc:
            vi, en = (_joined(getattr(fault.told, code) for fault in exc.faults) for code in ("vi", "en"))
            raise Trouble(422, f"chưa lưu gì: {vi}", f"nothing was saved: {en}") from exc
        except Conflict as exc:
            views = registry_acts.conflict_views(self._live, self._asker, kind, exc.conflicts)
            vi, en = (
                _joined(f"{one['title'] or one['record']}: {one[code]}" for one in views) for code in ("vi", "en")
            )
            raise Trouble(409, f"chưa đổi gì: {vi}", f"nothing changed: {en}") from exc
        except HTTPException as exc:
            raise Trouble(exc.status_code, "địa chỉ không đúng hoặc bị cắt ngắn", str(exc.detail)) from exc


def desk_of(request: Request) -> StoreDesk:
    """Return the desk of who asks."""
    deps: Deps = request.app.state.deps
    asker = Asker(principal=principal_of(request), now_ms=deps.now_ms(), origin=address_of(request))
    return StoreDesk(deps.live, asker)


_MOST_NAMED = 5
_NO_ACT = Trouble(404, "không có việc này trong lịch sử", "there is no such act")


def _joined(texts: Iterable[str]) -> str:
    """Return texts in one sentence, the first few of many."""
    all_ = list(texts)
    return "; ".join(all_[:_MOST_NAMED]) + (f" … (+{len(all_) - _MOST_NAMED})" if len(all_) > _MOST_NAMED else "")


def _id(done: View, part: str) -> str:
    return str(done[part]["id"])  # type: ignore[index] # a view is plain JSON
