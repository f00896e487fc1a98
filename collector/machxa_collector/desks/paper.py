"""Give the pages of work on paper what the API answers to the same person, and its refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import paper as api
from machxa_collector.api.access import principal_of, request_territory
from machxa_collector.api.deps import Deps
from machxa_collector.api.paper_files import read_ledger, read_pasted
from machxa_collector.api.paper_shapes import DeclareRequest, EndRequest, LinesRequest
from machxa_collector.desks.asking import asked
from machxa_collector.registry.people import Permission
from machxa_collector.registry.sheets import BadFile
from machxa_collector.store import paper as stored
from machxa_web.paper.forms import BadRows, Rows


class ApiPaper:
    """Answer machxa_web's PaperDesk through the routes of the API."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        person = principal_of(request)
        self.may_declare = person.may(Permission.PAPER_DECLARE)
        self.may_write = person.may(Permission.PAPER_WRITE)
        self.may_issue = person.may(Permission.OUTPUTS_ISSUE)
        units = request_territory(request).units
        self.unit = next(iter(units)) if units is not None and len(units) == 1 else ""

    def spells(self) -> object:
        """Return the newest times on paper."""
        return _asked(lambda: api.spells(self._request))

    def one(self, spell: int) -> object:
        """Return one with its ledger."""
        return _asked(lambda: api.ledger(self._request, spell))

    def declare(self, said: Mapping[str, object]) -> int:
        """Declare that a unit works on paper; return its number."""
        made = _asked(lambda: api.declare(self._request, DeclareRequest.model_validate(said)))
        return int(str(made["id"]))

    def end(self, spell: int, ended_at: int | None) -> None:
        """End it at a moment in ms, now if None."""
        _asked(lambda: api.end(self._request, spell, EndRequest(ended_at=ended_at)))

    def add(self, spell: int, rows: Rows) -> int:
        """Write rows into the ledger, all or none; return how many are new."""
        try:
            lines = read_pasted(rows.content) if rows.is_pasted else read_ledger(rows.content)
        except BadFile as exc:
            raise BadRows(422, f"chưa ghi gì: {exc.told.vi}", f"nothing was written: {exc.told.en}") from exc
        return int(str(self._take(spell, lines)["added"]))

    def enter(self, spell: int, lines: Sequence[tuple[str, str | None]]) -> None:
        """Say that lines were typed in now, with their dossier numbers; those that no longer wait are left alone."""
        self.one(spell)  # of one's territory
        said, now = dict(lines), self._deps.now_ms()
        waiting = [
            {
                "number": line.number,
                "group": line.group,
                "received_at": line.received_at,
                "stages": list(line.stages),
                "entered_at": max(now, line.received_at),
                "dossier": said[line.number],
            }
            for line in stored.lines(self._deps.store, spell)
            if line.number in said and line.entered_at is None
        ]
        if waiting:
            self._take(spell, waiting)

    def _take(self, spell: int, lines: Sequence[object]) -> Mapping[str, object]:
        return _asked(lambda: api.add_lines(self._request, spell, LinesRequest.model_validate({"lines": lines})))


def paper_of(request: Request) -> ApiPaper:
    """Return the desk of who asks."""
    return ApiPaper(request)


def _asked(answer: Callable[[], Response]) -> dict[str, object]:
    return asked(answer, _WHY, "chưa ghi gì")


_WHY = {
    404: "không có đơn vị hoặc lần làm trên giấy này, hoặc bạn không được xem; chưa ghi gì",
    409: "đơn vị đang làm trên giấy rồi, lần này đã kết thúc, hoặc có số trùng hay đã ở sổ khác; chưa ghi gì",
    422: "chưa ghi gì: có số giống số điện thoại hoặc số định danh, hoặc thời điểm ở tương lai hay cách quá một tuần, "
    "hoặc ô còn trống",
}
