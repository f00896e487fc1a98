"""Give the pages of dossiers what they ask on behalf of a person, and the API's refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from fastapi import Request
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from machxa_collector.api import dossier_views as views
from machxa_collector.api.access import principal_of, refuse_for_some
from machxa_collector.api.deps import Deps
from machxa_collector.api.dossier_shapes import SourceRequest
from machxa_collector.api.dossiers import flow
from machxa_collector.api.import_views import InTheWay
from machxa_collector.api.record_texts import NotThere
from machxa_collector.api.registry import asker_of
from machxa_collector.desks.asking import asked
from machxa_collector.importing.dossiers.asked import BadSource
from machxa_collector.importing.dossiers.given import Refused
from machxa_collector.importing.dossiers.mapping import BadMapping
from machxa_collector.importing.running import Busy
from machxa_collector.registry.people import Permission
from machxa_collector.registry.sheets import BadFile
from machxa_web.admin.desk import Trouble
from machxa_web.dossiers.router import Sent

_Answer = TypeVar("_Answer")
_NO_UNIT = {404: "không có đơn vị này trong địa bàn của bạn: hãy ghi mã đơn vị"}


class StoreDossiers:
    """Answer machxa_web's DossierDesk from the store."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        self._asker = asker_of(request)
        self._may_import = principal_of(request).may(Permission.IMPORTS_WRITE)

    def sources(self) -> object:
        """Return the sources with their age."""
        return views.source_list(self._deps, self._asker)

    def keep_source(self, source: str | None, said: Mapping[str, str]) -> str:
        """Make or change a source of the province."""
        _for_all(self._request)
        body = _settings(said)
        if source is not None:
            _asked(lambda: views.change_source(self._deps, self._asker, source, said["name"], body))
            return source
        named = _named(said)
        hashes = "hash_numbers" in said
        if any(one["id"] == named[0] for one in views.source_views(self._deps, self._asker)):
            raise Trouble(409, "đã có nguồn mang tên ngắn này; chưa lưu gì", "a source of this short name is there")
        return str(_asked(lambda: views.add_source(self._deps, self._asker, named, body, hashes=hashes))["id"])

    def flow(self, unit: str) -> object:
        """Return what comes to a unit of who asks."""
        return asked(lambda: flow(self._request, unit), _NO_UNIT, "chưa xem được gì")

    def imports(self) -> object:
        """Return the newest files; none for somebody who may not take files in."""
        return views.import_list(self._deps, self._asker) if self._may_import else {"imports": []}

    def upload(self, sent: Sent) -> str:
        """Keep a file for its preview; return the import's id."""
        chosen = (sent.mapping, sent.name)
        return str(_asked(lambda: views.upload(self._deps, self._asker, sent.source, sent.content, chosen))["id"])

    def one(self, import_id: str) -> object:
        """Return a file's preview, progress or outcome."""
        return _asked(lambda: views.import_detail(self._deps, self._asker, import_id))

    def remap(self, import_id: str, said: Mapping[str, object], save_as: str) -> None:
        """Preview again, read another way."""
        _asked(lambda: views.remap(self._deps, self._asker, import_id, said, save_as))

    def start(self, import_id: str, *, good_only: bool) -> None:
        """Begin to take a file in."""
        _asked(lambda: views.start(self._deps, self._asker, import_id, good_only=good_only))

    def undo(self, import_id: str) -> None:
        """Take an import back."""
        _asked(lambda: views.undo(self._deps, self._asker, import_id))

    def drop(self, import_id: str) -> None:
        """Forget a file that was not taken in."""
        _asked(lambda: views.drop(self._deps, self._asker, import_id))


def dossiers_of(request: Request) -> StoreDossiers:
    """Return the desk of who asks."""
    return StoreDossiers(request)


def _asked(answer: Callable[[], _Answer]) -> _Answer:
    try:
        return answer()
    except NotThere as exc:
        raise Trouble(404, "không có tệp, nguồn hoặc bảng ghép này, hoặc tệp đã quá hạn lưu", str(exc)) from exc
    except BadFile as exc:
        raise Trouble(422, f"không nhận tệp: {exc.told.vi}", f"the file was not accepted: {exc.told.en}") from exc
    except BadSource as exc:
        raise Trouble(422, _BAD_SOURCE, str(exc)) from exc
    except BadMapping as exc:
        raise Trouble(422, _BAD_MAPPING, str(exc)) from exc
    except Refused as exc:
        raise Trouble(409, exc.told.vi, exc.told.en) from exc
    except InTheWay as exc:
        raise Trouble(409, "tệp này đang được nhập hoặc đã nhập xong", str(exc)) from exc
    except Busy as exc:
        raise Trouble(
            503,
            "hệ thống đang đọc các tệp khác; chưa lưu gì, hãy thử lại sau một phút",
            "other files are being read; nothing was kept, try again in a minute",
        ) from exc


_BAD_MAPPING = "bảng ghép chưa đúng: mã đơn vị cần năm chữ số như 29374 (cấp tỉnh: 86 hoặc 86-HCC)"
_BAD_SOURCE = "chưa lưu: địa chỉ cần bắt đầu bằng https://, hỏi cách nhau 15 đến 10080 phút, bảng ghép phải có"


def _for_all(request: Request) -> None:
    try:
        refuse_for_some(request)
    except HTTPException as exc:
        vi = "nguồn hồ sơ là của cả tỉnh: cần phạm vi cả tỉnh; chưa lưu gì"
        raise Trouble(exc.status_code, vi, f"{exc.detail}; nothing was kept") from exc


def _named(said: Mapping[str, str]) -> tuple[str, str]:
    """Return a source's id and name as the API takes them; raises Trouble."""
    try:
        asked_for = SourceRequest.model_validate({"id": said["id"], "name": said["name"]})
    except ValidationError as exc:
        vi = "tên ngắn gồm chữ thường không dấu, chữ số, gạch nối; tên không để trống; chưa lưu gì"
        en = "the short name takes small letters, digits and hyphens, the name is not empty; nothing was kept"
        raise Trouble(422, vi, en) from exc
    return asked_for.id, asked_for.name


def _settings(said: Mapping[str, str]) -> dict[str, object]:
    """Return a source's settings as a form says them; raises Trouble."""
    if not said["name"]:
        raise Trouble(422, "tên không để trống; chưa lưu gì", "the name is empty; nothing was kept")
    pull: dict[str, object] | None = None
    if said["url"]:
        minutes = said["every_minutes"]
        pull = {
            "url": said["url"],
            "every_minutes": int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 6 else 0,  # noqa: PLR2004 - more than any bound
            "secret": said["secret"] or None,
            "header": said["header"] or "Authorization",
            "scheme": said["scheme"],
        }
    return {
        "mapping": said["mapping"] or "rows",
        "folder": "folder" in said,
        "good_only": "good_only" in said,
        "pull": pull,
    }
