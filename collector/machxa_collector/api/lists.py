"""Give the lists of communes, devices and agents as files: every cell is text, number or moment, never a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from machxa_collector.api.access import permission, principal_of, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.deps import Deps
from machxa_collector.api.imports import download
from machxa_collector.api.tongue import AskedLanguage
from machxa_collector.api.units import today
from machxa_collector.communes.listing import rows_of
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.people.territory import codes_below
from machxa_collector.registry.records import KINDS, Cell
from machxa_collector.registry.sheets.showing import Heading, Look, said_in
from machxa_collector.registry.speech import Language
from machxa_collector.sheets.forms import FileForm
from machxa_collector.sheets.write import CSV_TYPE, XLSX_TYPE, Page, Stamp, write_csv, write_xlsx
from machxa_collector.store import agent_list, audit
from machxa_collector.store.agent_list import Trouble
from machxa_collector.store.agent_rows import AgentRow
from machxa_collector.store.asset_list import AssetRow, Wanted, list_assets

router = APIRouter(prefix="/api/v1/lists")
_exports = Depends(permission("exports.read"))
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {CSV_TYPE.partition(";")[0]: _BINARY, XLSX_TYPE: _BINARY}}}
MOST_DEVICES = 100_000
_AT_ONCE = 1000
SERVING: Mapping[str, str] = {  # as the page says it
    "well": "Hoạt động",
    "weak": "Suy giảm",
    "partly": "Gián đoạn một phần",
    "stopped": "Ngừng phục vụ",
    "unclear": "Có sự cố, chưa rõ mức độ",
    "planned": "Bảo trì theo kế hoạch",
    "off": "Ngoài giờ / đã tắt máy",
    "unseen": "Mất dữ liệu",
    "never": "Chưa có máy nào gửi dữ liệu",
}
PRESENCE: Mapping[str, str] = {"on": "Đang bật", "off": "Đã tắt máy", "lost": "Mất dữ liệu"}
_COMMUNES = (
    Heading(text="Mã đơn vị", look=Look.TEXT, width=12),
    Heading(text="Xã, phường", look=Look.TEXT, width=28),
    Heading(text="Tình trạng", look=Look.TEXT, width=28),
    Heading(text="Sẵn sàng (0-100)", look=Look.NUMBER, width=16),
    Heading(text="Sự cố đang mở", look=Look.NUMBER, width=14),
    Heading(text="Mức nặng nhất", look=Look.TEXT, width=14),
    Heading(text="Máy đang bật", look=Look.NUMBER, width=14),
    Heading(text="Máy có giám sát", look=Look.NUMBER, width=16),
    Heading(text="Dữ liệu lần cuối", look=Look.MOMENT, width=20),
    Heading(text="Tên cũ", look=Look.TEXT, width=40),
)
_DEVICES = (
    Heading(text="Tên thiết bị", look=Look.TEXT, width=28),
    Heading(text="Loại", look=Look.TEXT, width=20),
    Heading(text="Mã đơn vị", look=Look.TEXT, width=12),
    Heading(text="Đơn vị", look=Look.TEXT, width=28),
    Heading(text="Mã tài sản", look=Look.TEXT, width=16),
    Heading(text="Hãng", look=Look.TEXT, width=16),
    Heading(text="Kiểu máy", look=Look.TEXT, width=24),
    Heading(text="Số sê-ri", look=Look.TEXT, width=20),
    Heading(text="Tình trạng sổ", look=Look.TEXT, width=20),
    Heading(text="Bật, tắt", look=Look.TEXT, width=14),
    Heading(text="Nghe lần cuối", look=Look.MOMENT, width=20),
    Heading(text="Mã bản ghi", look=Look.TEXT, width=38),
)

_AGENTS = (
    Heading(text="Tên máy", look=Look.TEXT, width=28),
    Heading(text="Mã đơn vị", look=Look.TEXT, width=12),
    Heading(text="Đơn vị", look=Look.TEXT, width=28),
    Heading(text="Bật, tắt", look=Look.TEXT, width=14),
    Heading(text="Nghe lần cuối", look=Look.MOMENT, width=20),
    Heading(text="Vai trò", look=Look.TEXT, width=14),
    Heading(text="Đang trực", look=Look.TEXT, width=12),
    Heading(text="Phiên bản", look=Look.TEXT, width=12),
    Heading(text="Bản ghi đã mất", look=Look.NUMBER, width=16),
    Heading(text="Luồng đang hổng", look=Look.NUMBER, width=16),
    Heading(text="Chứng thư đến", look=Look.MOMENT, width=20),
    Heading(text="Mã phần mềm", look=Look.TEXT, width=38),
)
ROLES: Mapping[str, str] = {"gateway": "máy cổng", "standby": "máy dự phòng", "pc": "máy thường"}

_Row = TypeVar("_Row", AgentRow, AssetRow)
Form = Literal["csv", "xlsx"]
Short = Annotated[str, Query(max_length=10)]
Words = Annotated[str, Query(max_length=100)]


@router.get("/communes.{form}", response_class=Response, responses=_FILE, dependencies=[_exports])
def communes(
    request: Request, form: Form, language: AskedLanguage, province: Short = "", q: Words = "", serving: Short = ""
) -> Response:
    """Give the communes of a province, or those that words may mean, as the page lists them."""
    deps: Deps = request.app.state.deps
    found = rows_of(deps.facts, request_territory(request), province, q)["communes"]
    rows = [one for one in found if serving in ("", one["serving"])] if isinstance(found, list) else []
    return _file(request, "communes", form, language, _COMMUNES, [commune_row(one, language) for one in rows])


@router.get("/devices.{form}", response_class=Response, responses=_FILE, dependencies=[_exports])
def devices(request: Request, form: Form, language: AskedLanguage, unit: Short = "", q: Words = "") -> Response:
    """Give the devices of one's territory, or of one unit of it, as a file; of more than 100,000 the first ones."""
    rows = list(_device_rows(request, Wanted(unit=unit or None, text=q), language))
    return _file(request, "devices", form, language, _DEVICES, rows)


@router.get("/agents.{form}", response_class=Response, responses=_FILE, dependencies=[_exports])
def agents(
    request: Request,
    form: Form,
    language: AskedLanguage,
    unit: Short = "",
    q: Words = "",
    role: Short = "",
    trouble: Trouble | None = None,
) -> Response:
    """Give the agents of one's territory, chosen as on their page; of more than 100,000 the first ones."""
    deps: Deps = request.app.state.deps
    below = codes_below(deps.live.current().units, unit) if unit else None
    chosen = agent_list.Wanted(units=below, role=role if role in ROLES else None, trouble=trouble, text=q)
    return _file(request, "agents", form, language, _AGENTS, list(_agent_rows(request, chosen, language)))


def commune_row(one: Mapping[str, object], language: Language) -> tuple[Cell, ...]:
    """Return a commune's cells; what is not known is an empty one."""
    ratio, last, old = one["ratio"], one["last"], one["old_names"]
    return (
        str(one["code"]),
        str(one["name"]),
        language.say(SERVING.get(str(one["serving"]), str(one["serving"]))),
        round(100 * ratio) if isinstance(ratio, float | int) else None,
        _whole(one["incidents"]),
        None if one["severity"] is None else str(one["severity"]),
        _whole(one["on"]),
        _whole(one["agents"]),
        _moment(datetime.fromisoformat(last)) if isinstance(last, str) else None,
        ", ".join(map(str, old)) if isinstance(old, list) else None,
    )


def device_row(one: AssetRow, unit_name: str, language: Language) -> tuple[Cell, ...]:
    """Return a device's cells; what is not known is an empty one."""
    return (
        one.name,
        _word("kind", one.kind, language),
        one.unit,
        unit_name,
        one.code,
        one.vendor,
        one.model,
        one.serial,
        _word("status", one.status, language),
        None if one.agent is None else language.say(PRESENCE.get(one.presence or "", "Chưa rõ")),
        _moment_of(one.last_seen),
        one.id,
    )


def agent_row(one: AgentRow, unit_name: str, language: Language) -> tuple[Cell, ...]:
    """Return an agent's cells; what is not known is an empty one."""
    return (
        one.name,
        one.unit,
        unit_name,
        language.say("Đã thu hồi" if one.revoked_at else PRESENCE.get(one.state or "", "Chưa rõ")),
        _moment_of(one.last_seen),
        language.say(ROLES.get(one.role, one.role)),
        language.say("có") if one.on_duty else None,
        None if one.hello is None else one.hello.versions.get("agent"),
        one.books.lost,
        one.books.with_gaps,
        _moment_of(one.certificate_until),
        one.id,
    )


def _agent_rows(request: Request, wanted: agent_list.Wanted, language: Language) -> Iterator[tuple[Cell, ...]]:
    deps, territory = _deps(request), request_territory(request)

    def read(last: AgentRow | None) -> Sequence[AgentRow]:
        after = None if last is None else agent_list.key_of(last)
        return agent_list.listed(deps.store, territory, wanted, after, _AT_ONCE, deps.now_ms())

    return (agent_row(one, name, language) for one, name in _named(deps, read))


def _device_rows(request: Request, wanted: Wanted, language: Language) -> Iterator[tuple[Cell, ...]]:
    deps, territory = _deps(request), request_territory(request)

    def read(last: AssetRow | None) -> Sequence[AssetRow]:
        return list_assets(deps.store, "" if last is None else last.id, _AT_ONCE, territory, wanted)

    return (device_row(one, name, language) for one, name in _named(deps, read))


def _named(deps: Deps, read: Callable[[_Row | None], Sequence[_Row]]) -> Iterator[tuple[_Row, str]]:
    """Yield rows with their unit's name, page by page, up to MOST_DEVICES; read takes the last row before."""
    units, day = deps.live.current().units, today(deps)
    last: _Row | None = None
    for _ in range(MOST_DEVICES // _AT_ONCE):
        rows = read(last)
        for one in rows:
            unit = None if one.unit is None else units.unit(one.unit, day)
            yield one, "" if unit is None else unit.full_name
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1]


def _deps(request: Request) -> Deps:
    found: Deps = request.app.state.deps
    return found


def _word(field: str, value: str, language: Language) -> str:
    told = _CHOICES[field].get(value)
    return value if told is None else told.said(language)


_CHOICES = {name: {one.value: one.told for one in KINDS["assets"].field(name).choices} for name in ("kind", "status")}


def _file(
    request: Request,
    name: str,
    form: Form,
    language: Language,
    columns: Sequence[Heading],
    rows: Sequence[tuple[Cell, ...]],
) -> Response:
    deps: Deps = request.app.state.deps
    audit.record_alone(deps.store, act(request, "export", f"{name}.{form}", rows=len(rows)))
    at = _moment(datetime.fromtimestamp(deps.now_ms() / 1000, LOCAL))
    out, headings = io.BytesIO(), said_in(columns, language)
    if form == "csv":
        out.writelines(write_csv([one.text for one in headings], (list(map(_text, row)) for row in rows)))
    else:
        person = principal_of(request).name
        title = language.say({"communes": "Xã, phường", "devices": "Thiết bị", "agents": "Máy giám sát"}[name])
        cut = language.say(", {most} dòng đầu").format(most=MOST_DEVICES) if len(rows) >= MOST_DEVICES else ""
        told = f"Mạch Xã: {title}, {at:%d/%m/%Y %H:%M}, {person}{cut}"
        stamp = Stamp(title=told, author=person, at=at, language=language)
        write_xlsx(out, [Page(name=title, headings=headings, rows=rows)], stamp)
    out.seek(0)
    return download(out, FileForm(form), f"machxa-{name}-{at:%Y%m%d-%H%M}")


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M:%S}"
    return "" if cell is None else str(cell)


def _moment(when: datetime) -> datetime:
    """Return Việt Nam's time without a zone, as spreadsheets take it."""
    return when.astimezone(LOCAL).replace(microsecond=0, tzinfo=None)


def _moment_of(ms: int | None) -> datetime | None:
    return None if ms is None else _moment(datetime.fromtimestamp(ms / 1000, LOCAL))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
