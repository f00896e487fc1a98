"""Look after the channels by which people are told; settings go in and never come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import notify_shapes as shapes
from machxa_collector.api.access import permission, principal_of, refuse_for_some
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, iso
from machxa_collector.api.deps import Deps
from machxa_collector.notify.reaching import rules_of
from machxa_collector.notify.retry import is_dead
from machxa_collector.notify.trying import try_channel
from machxa_collector.notify.ways import sending
from machxa_collector.notify.ways.settings import BadChannel, Settings, settings_of
from machxa_collector.notify.wishes import BadWishes, said_of
from machxa_collector.registry.audit import Result
from machxa_collector.registry.people import BadScope
from machxa_collector.store import channels as stored
from machxa_collector.store import outbox
from machxa_collector.store.acting import acting
from machxa_collector.store.channels import Channel

router = APIRouter(prefix="/api/v1")

MOST_CHANNELS = 20
_reads = Depends(permission("settings.read"))
_writes = Depends(permission("settings.write"))
_Id = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$")]


@router.get("/channels", response_model=shapes.ChannelList, dependencies=[_reads])
def listed(request: Request) -> Response:
    """List the channels, with how they do."""
    deps: Deps = request.app.state.deps
    depths = outbox.depths(deps.store)
    views = [_view(one, depths.get(one.id, 0), deps.now_ms()) for one in stored.every(deps.store)]
    return answer(request, {"channels": views})


@router.post("/channels", status_code=201, response_model=shapes.ChannelShape, dependencies=[_writes])
def add(request: Request, asked: shapes.ChannelRequest) -> Response:
    """Add a channel."""
    deps: Deps = request.app.state.deps
    known = {one.id for one in stored.every(deps.store)}
    if asked.id in known:
        raise HTTPException(409, "there is a channel of this id")
    if len(known) >= MOST_CHANNELS:
        raise HTTPException(409, f"there are {MOST_CHANNELS} channels already")
    if asked.settings is None:
        raise HTTPException(422, "a new channel needs its settings")
    return _put(request, asked.id, asked, "channel.add", 201)


@router.put("/channels/{channel_id}", response_model=shapes.ChannelShape, dependencies=[_writes])
def change(request: Request, channel_id: _Id, asked: shapes.ChannelChange) -> Response:
    """Change a channel; without settings those before stay, and its failures are forgotten."""
    known = _known(request, channel_id)
    if asked.settings is None and asked.kind != known.kind:
        raise HTTPException(422, "another kind needs its own settings")
    return _put(request, channel_id, asked, "channel.change", 200)


def switch(request: Request, channel_id: str, *, on: bool) -> Response:
    """Switch a channel on or off, and leave it as it is otherwise; for the pages."""
    known = _known(request, channel_id)
    rules = None if known.rules is None else shapes.RulesShape.model_validate(dict(known.rules))
    kept = shapes.ChannelChange.model_validate({"kind": known.kind, "rules": rules, "enabled": on})
    return _put(request, channel_id, kept, "channel.change", 200)


@router.delete("/channels/{channel_id}", status_code=204, dependencies=[_writes])
def remove(request: Request, channel_id: _Id) -> Response:
    """Forget a channel; what waits for it is given up, and shown on the pages all the same."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    _known(request, channel_id)
    with acting(deps.store, act(request, "channel.remove", f"channels/{channel_id}")) as connection:
        outbox.drop_waiting(connection, channel_id, "channel_removed")
        stored.remove(connection, channel_id)
    return Response(status_code=204)


@router.post("/channels/{channel_id}/test", response_model=shapes.TestResult, dependencies=[_writes])
def test(request: Request, channel_id: _Id, asked: shapes.TestRequest) -> Response:
    """Send a test message by a channel, and say whether the other side took it; that takes up to half a minute."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    known = _known(request, channel_id)
    try:
        error = try_channel(deps.store, deps.seals, known, asked.to, deps.now_ms(), deps.send)
    except BadChannel as exc:
        raise HTTPException(422, str(exc)) from exc
    result = Result.DONE if error is None else Result.FAILED
    with acting(deps.store, act(request, "channel.test", f"channels/{channel_id}", result)):
        pass
    return JSONResponse({"ok": error is None, "error": error}, headers={"Cache-Control": "no-store"})


def _put(request: Request, id_: str, asked: shapes.ChannelChange, action: str, status: int) -> Response:
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    try:
        settings = None if asked.settings is None else _checked(deps, asked.kind, asked.settings)
        rules = None if asked.rules is None else _rules(asked.rules)
    except (BadChannel, BadWishes, BadScope) as exc:
        raise HTTPException(422, str(exc)) from exc
    before = stored.one(deps.store, id_)
    if settings is not None:
        for secret in settings.secrets:
            deps.hide(secret)
    now = deps.now_ms()
    made = Channel(
        id=id_,
        kind=asked.kind,
        shown=settings.shown if settings is not None else before.shown if before is not None else "",
        rules=rules,
        enabled=asked.enabled,
        changed_at=now,
        changed_by=principal_of(request).name,
        failing_since=None,
        failures=0,
        next_at=0,
        delivered_at=None if before is None else before.delivered_at,
        error=None,
    )
    entry = act(request, action, f"channels/{id_}", kind=asked.kind, shown=made.shown, enabled=asked.enabled)
    with acting(deps.store, entry) as connection:
        stored.put(connection, deps.seals, made, asked.settings)
    body = _view(made, outbox.depths(deps.store).get(id_, 0), now)
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})


def _checked(deps: Deps, kind: str, said: Mapping[str, object]) -> Settings:
    settings = settings_of(kind, said)
    sending.check(settings, deps.allowed)
    return settings


def _rules(asked: shapes.RulesShape) -> dict[str, object]:
    said = asked.model_dump()
    scope, wishes = rules_of(said)
    return {"scope": str(scope), **said_of(wishes)}


def _known(request: Request, id_: str) -> Channel:
    deps: Deps = request.app.state.deps
    known = stored.one(deps.store, id_)
    if known is None:
        raise HTTPException(404, "no such channel")
    return known


def _view(one: Channel, waiting: int, now: int) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "shown": one.shown,
        "rules": None if one.rules is None else dict(one.rules),
        "enabled": one.enabled,
        "changed_at": iso(one.changed_at),
        "changed_by": one.changed_by,
        "state": _state(one, now),
        "failing_since": iso(one.failing_since),
        "delivered_at": iso(one.delivered_at),
        "error": one.error,
        "waiting": waiting,
    }


def _state(one: Channel, now: int) -> str:
    if not one.enabled:
        return "off"
    if is_dead(one.failures, one.failing_since, now):
        return "dead"
    if one.failures:
        return "failing"
    return "untried" if one.delivered_at is None else "delivers"
