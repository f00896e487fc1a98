"""Give the pages of agents what they ask on behalf of a person: the API's own acts, and one list of agents."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from machxa_collector.api import agents, roles, rollouts, settings
from machxa_collector.api.access import principal_of, request_territory
from machxa_collector.api.answers import cursor_of, iso, key_of
from machxa_collector.api.delivery import ledger_view
from machxa_collector.api.deps import Deps
from machxa_collector.api.enrolment_shapes import RevokeRequest
from machxa_collector.api.role_shapes import PinRequest
from machxa_collector.api.units import today
from machxa_collector.desks.asking import asked
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import codes_below
from machxa_collector.registry.rollout import WHOLE, Kind, State, ring
from machxa_collector.registry.units import Units
from machxa_collector.store import agent_list, queries
from machxa_collector.store import rollouts as stored
from machxa_collector.store.agent_list import Wanted
from machxa_collector.store.agent_rows import AgentRow
from machxa_web.admin.desk import Trouble
from machxa_web.agents.words import ROLES

PER_PAGE = 50
_DAY_MS = 86_400_000
_NOT_THERE = "không có phần mềm giám sát này trong địa bàn của bạn; chưa đổi gì"
_WHY = {
    403: "việc này đổi cho mọi đơn vị nên cần phạm vi cả tỉnh; chưa đổi gì",
    404: _NOT_THERE,
    422: "số giây gửi không được nhỏ hơn số giây đo, và cả hai phải nằm trong chính sách đã ký; chưa đổi gì",
}


class StoreAgents:
    """Answer machxa_web's AgentDesk from the store, within the territory of who asks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        self._who = principal_of(request)

    def agents(self, wanted: Mapping[str, str], cursor: str | None) -> object:
        """Return one page of agents."""
        store, territory, now = self._deps.store, request_territory(self._request), self._deps.now_ms()
        after = self._after(cursor)
        asked_for = Wanted(
            units=self._units(wanted.get("unit", "")),
            role=wanted.get("role") if wanted.get("role") in ROLES else None,
            trouble=next((one for one in agent_list.Trouble if one.value == wanted.get("trouble")), None),
            text=wanted.get("q", ""),
        )
        rows = agent_list.listed(store, territory, asked_for, after, PER_PAGE, now)
        following = cursor_of(list(agent_list.key_of(rows[-1]))) if len(rows) == PER_PAGE else None
        counts = agent_list.counts(store, territory, now)
        has, units = self._spread(), self._deps.live.current().units
        return {"counts": counts, "agents": [self._told(one, has, units) for one in rows], "next": following}

    def agent(self, agent: str) -> object:
        """Return one agent with its books."""
        territory = request_territory(self._request)
        row = agent_list.one(self._deps.store, territory, agent, self._deps.now_ms())
        books = None if row is None else queries.ledger(self._deps.store, agent, territory)
        if row is None or books is None:
            raise Trouble(404, "không có phần mềm giám sát này trong địa bàn của bạn", "no such agent")
        return {
            "agent": self._told(row, self._spread(), self._deps.live.current().units),
            "streams": ledger_view(agent, books)["streams"],
            "may_manage": self._who.may(Permission.AGENTS_MANAGE) and row.revoked_at is None,
        }

    def pin(self, agent: str, role: str) -> None:
        """Give an agent a role, or let elections decide again."""
        if role:
            body = PinRequest.model_validate
            self._asked(lambda: roles.pin(self._request, agent, body({"role": role})))
        else:
            self._asked(lambda: roles.unpin(self._request, agent))

    def revoke(self, agent: str, reason: str) -> None:
        """Take an agent out of force for good."""
        body = RevokeRequest.model_validate
        self._asked(lambda: agents.revoke(self._request, agent, body({"reason": reason})))

    def configuration(self) -> object:
        """Return what agents are asked to do, and how far that is."""
        sees = self._who.may(Permission.POLICIES_READ)
        found = self._asked(lambda: settings.read(self._request))
        spreading = self._asked(lambda: rollouts.read(self._request))["rollouts"] if sees else []
        return {
            **found,
            "rollouts": spreading,
            "policy": self._asked(lambda: rollouts.policy(self._request)) if sees else None,
            "may_set": self._who.may(Permission.SETTINGS_WRITE),
            "may_hold": self._who.may(Permission.POLICIES_WRITE),
        }

    def set_settings(self, sample_seconds: str, batch_seconds: str) -> None:
        """Ask all agents to measure and send at other times."""
        said = {"sample_seconds": _whole(sample_seconds), "batch_seconds": _whole(batch_seconds)}
        self._asked(lambda: settings.change(self._request, settings.SettingsRequest.model_validate(said)))

    def hold(self, kind: str, *, on: bool) -> None:
        """Hold a rollout, or let it go on."""
        turn = rollouts.pause if on else rollouts.resume
        self._asked(lambda: turn(self._request, Kind(kind)))

    def _asked(self, answer: Callable[[], Response]) -> dict[str, object]:
        return asked(answer, _WHY, "chưa đổi gì")

    def _after(self, cursor: str | None) -> agent_list.Key | None:
        if not cursor:
            return None
        try:
            unit, pk = key_of(cursor, (str, int))
        except HTTPException as exc:
            raise Trouble(exc.status_code, "địa chỉ không đúng hoặc bị cắt ngắn", str(exc.detail)) from exc
        return str(unit), int(str(pk))

    def _units(self, code: str) -> frozenset[str] | None:
        """Return the units that a code means: a province's own and all below it; nothing for a code that nobody has."""
        if not code:
            return None
        return codes_below(self._deps.live.current().units, code)

    def _spread(self) -> Mapping[str, Callable[[str], bool]]:
        """Return of each thing that is rolled out what tells whether it is for an agent."""
        found: dict[str, Callable[[str], bool]] = {}
        for kind in Kind:
            current = stored.newest(self._deps.store, kind)
            if current is None:
                continue
            if current.state is State.DONE or current.percent == WHOLE:
                found[kind.value] = lambda _agent: True
            else:
                inside = ring(agent_list.takers(self._deps.store), current.percent)
                found[kind.value] = inside.__contains__
        return found

    def _told(self, row: AgentRow, has: Mapping[str, Callable[[str], bool]], units: Units) -> dict[str, object]:
        now, hello, books = self._deps.now_ms(), row.hello, row.books
        unit = None if row.unit is None else units.unit(row.unit, today(self._deps))
        until = row.certificate_until
        return {
            "id": row.id,
            "name": row.name,
            "asset": row.asset,
            "unit": row.unit,
            "unit_name": row.unit or "" if unit is None else unit.full_name,
            "role": row.role,
            "on_duty": row.on_duty,
            "reasons": row.reasons,
            "pin": row.pin,
            "pinned_by": row.pinned_by,
            "state": row.state or "unknown",
            "state_since": iso(row.state_since),
            "role_since": iso(row.role_since),
            "duty_since": iso(row.duty_since),
            "enrolled_at": iso(row.enrolled_at),
            "revoked_at": iso(row.revoked_at),
            "last_seen": iso(row.last_seen),
            "unsigned": row.unsigned,
            "version": None if hello is None else hello.versions.get("agent"),
            "waiting": None if hello is None else hello.waiting_records,
            "dropped": None if hello is None else hello.dropped,
            "fault": None if hello is None else hello.fault,
            "path": None if hello is None else hello.path,
            "streams": books.streams,
            "with_gaps": books.with_gaps,
            "lost": books.lost,
            "refused": books.refused,
            "certificate_days": None if until is None else (until - now) // _DAY_MS,
            "certificate_until": iso(until),
            "limits": [_limit(name, told) for name, told in sorted(row.limits.items())],
            "has_newest": {kind: for_it(row.id) for kind, for_it in has.items()},
        }


def agents_of(request: Request) -> StoreAgents:
    """Return the desk of who asks."""
    return StoreAgents(request)


def _limit(name: str, told: Mapping[str, object]) -> dict[str, object]:
    at, used, cap = told["at"], told.get("used"), told.get("cap")
    return {
        "limit": name,
        "is_throttled": told.get("state") == "throttled",
        "at": iso(at if isinstance(at, int) else None),
        "used": used if isinstance(used, int) else None,
        "cap": cap if isinstance(cap, int) else None,
    }


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):  # noqa: PLR2004 - more seconds than any bound of ours
        raise Trouble(422, "số giây cần là số nguyên; chưa đổi gì", "seconds are whole numbers; nothing changed")
    return int(text)
