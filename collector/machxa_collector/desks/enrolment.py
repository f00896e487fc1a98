"""Give the pages of codes and tokens what they ask on behalf of a person: the API's own answers and acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api import agents, enrol_tokens
from machxa_collector.api.access import principal_of, staff_of
from machxa_collector.api.account_shapes import NewTokenRequest
from machxa_collector.api.deps import Deps
from machxa_collector.api.enrolment_shapes import ApproveRequest
from machxa_collector.api.people import token_view
from machxa_collector.api.staff import Rights
from machxa_collector.api.units import today
from machxa_collector.desks.asking import asked
from machxa_collector.desks.people import codes_of, in_words, place_of
from machxa_collector.store import channels
from machxa_web.admin.desk import Trouble

MOST_WAITING = 100
_NOTHING = "chưa đổi gì"
_WHY = {
    404: "mã hoặc yêu cầu này không còn; chưa đổi gì",
    422: "chọn đơn vị trong địa bàn của bạn, 1 đến 500 máy, 1 đến 30 ngày; chưa tạo mã",
}


class StoreDoors:
    """Answer machxa_web's DoorDesk from the store, within the territory of who asks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps

    def doors(self) -> object:
        """Return the codes there are, and who waits."""
        codes = _rows(self._asked(lambda: enrol_tokens.listed(self._request)), "tokens")
        waiting = _rows(self._asked(lambda: agents.listed(self._request, "pending")), "enrolments")
        return {
            "codes": [{**one, "unit_name": self._named(one["unit"])} for one in codes],
            "waiting": waiting[:MOST_WAITING],
            "base": str(channels.policy(self._deps.store).get("base_url") or ""),
        }

    def make_code(self, unit: str, uses: int, days: int) -> object:
        """Make a code for computers."""
        said = {"unit": unit or None, "uses": uses, "days": days}
        body = enrol_tokens.EnrolTokenRequest.model_validate
        return asked(lambda: enrol_tokens.make(self._request, body(said)), _WHY, "chưa tạo mã")

    def end_code(self, code: str) -> None:
        """End a code at once."""
        self._asked(lambda: _empty(enrol_tokens.end(self._request, code)))

    def decide(self, request: str, *, lets_in: bool, unit: str, same: bool) -> None:
        """Let a computer in, or keep it out."""
        if not lets_in:
            self._asked(lambda: agents.refuse(self._request, request))
            return
        said = {"same_asset": same, "unit": unit or None}
        self._asked(lambda: agents.approve(self._request, request, ApproveRequest.model_validate(said)))

    def tokens(self) -> object:
        """Return the API tokens of the own territory."""
        found = staff_of(self._request).tokens(principal_of(self._request))
        return {"tokens": [{**token_view(one), "place": place_of(self._request, one.scope)} for one in found]}

    def make_token(self, name: str, role: str, only: Sequence[str] | None, scope: str, days: int) -> object:
        """Make an API token."""
        said = {
            "name": name,
            "roles": [role],
            "scope": codes_of(self._request, scope),
            "permissions": None if only is None else list(only),
            "days": days,
        }
        asking = self._checked(said)
        with in_words():
            rights = Rights(roles=asking.roles, scope=asking.scope)
            who = principal_of(self._request)
            token, secret = staff_of(self._request).add_token(who, asking.name, rights, asking.permissions, asking.days)
        return {"id": token, "token": secret}

    def end_token(self, token: str) -> None:
        """End an API token at once."""
        try:
            with in_words():
                staff_of(self._request).revoke_token(principal_of(self._request), token)
        except Trouble as exc:
            raise Trouble(exc.status, "mã này không còn; chưa đổi gì", "there is no such token") from exc

    def _checked(self, said: Mapping[str, object]) -> NewTokenRequest:
        found: list[NewTokenRequest] = []

        def check() -> Response:
            found.append(NewTokenRequest.model_validate(said))
            return Response("{}")

        asked(check, _WHY, "chưa tạo mã")
        return found[0]

    def _named(self, code: object) -> str:
        if not isinstance(code, str):
            return ""
        unit = self._deps.live.current().units.unit(code, today(self._deps))
        return code if unit is None else unit.full_name

    def _asked(self, answer: Callable[[], Response]) -> dict[str, object]:
        return asked(answer, _WHY, _NOTHING)


def doors_of(request: Request) -> StoreDoors:
    """Return the desk of who asks."""
    return StoreDoors(request)


def _empty(answer: Response) -> Response:
    """Return an answer without content as an object without fields."""
    return Response("{}", status_code=answer.status_code)


def _rows(found: dict[str, object], name: str) -> list[dict[str, object]]:
    rows = found[name]
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
