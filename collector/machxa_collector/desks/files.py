"""Give the import pages what they ask on behalf of a person, and the API's refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from fastapi import Request

from machxa_collector.api import import_views
from machxa_collector.api.access import principal_of
from machxa_collector.api.acts import address_of
from machxa_collector.api.deps import Deps
from machxa_collector.api.record_texts import NotThere
from machxa_collector.api.registry_acts import Forbidden
from machxa_collector.api.registry_asker import Asker
from machxa_collector.importing.running import Busy
from machxa_collector.registry.sheets import BadFile
from machxa_web.admin.desk import Trouble, Upload

_Answer = TypeVar("_Answer")


class FileDesk:
    """Answer machxa_web's ImportDesk from the store."""

    def __init__(self, deps: Deps, asker: Asker) -> None:
        self._live = deps.live
        self._running = deps.imports
        self._asker = asker

    def imports(self, kind: str) -> object:
        """Return the newest files of a kind."""
        return _asked(lambda: import_views.import_list(self._live, self._running, self._asker, kind))

    def upload(self, kind: str, file: Upload) -> str:
        """Keep a file for its preview; return the import's id."""
        return str(
            _asked(
                lambda: import_views.upload(
                    self._live, self._running, self._asker, kind, file.content, mapping=file.mapping
                )
            )["id"]
        )

    def one(self, import_id: str) -> object:
        """Return a file's preview, progress or outcome."""
        return _asked(lambda: import_views.import_detail(self._live, self._running, self._asker, import_id))

    def remap(self, import_id: str, columns: Mapping[str, str | None], save_as: str, sheet: str) -> None:
        """Preview again with other columns."""
        _asked(
            lambda: import_views.remap(
                self._live, self._running, self._asker, import_id, columns, save_as=save_as, sheet=sheet
            )
        )

    def start(self, import_id: str, *, good_only: bool) -> None:
        """Begin to take the rows in."""
        _asked(lambda: import_views.start(self._live, self._running, self._asker, import_id, good_only=good_only))

    def drop(self, import_id: str) -> None:
        """Forget a file."""
        _asked(lambda: import_views.drop(self._live, self._running, self._asker, import_id))


def files_of(request: Request) -> FileDesk:
    """Return the desk of who asks."""
    deps: Deps = request.app.state.deps
    asker = Asker(principal=principal_of(request), now_ms=deps.now_ms(), origin=address_of(request))
    return FileDesk(deps, asker)


def _asked(answer: Callable[[], _Answer]) -> _Answer:
    try:
        return answer()
    except NotThere as exc:
        raise Trouble(404, "không có tệp này, hoặc tệp đã quá hạn lưu", str(exc)) from exc
    except Forbidden as exc:
        raise Trouble(403, "bạn không có quyền nhập loại bản ghi này; chưa lưu gì", f"{exc}; nothing was kept") from exc
    except BadFile as exc:
        raise Trouble(422, f"không đọc được tệp: {exc.told.vi}", f"the file cannot be read: {exc.told.en}") from exc
    except import_views.InTheWay as exc:
        raise Trouble(409, "tệp này đang được nhập hoặc đã nhập xong", str(exc)) from exc
    except Busy as exc:
        raise Trouble(
            503,
            "hệ thống đang đọc các tệp khác; chưa lưu gì, hãy thử lại sau một phút",
            "other files are being read; nothing was kept, try again in a minute",
        ) from exc
