"""Show people their own notices, take how they wish to be told, and keep the escalation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api import notify_shapes as shapes
from machxa_collector.api.access import permission, principal_of, refuse_for_some
from machxa_collector.api.acts import act
from machxa_collector.api.answers import answer, cursor_of, iso, key_of
from machxa_collector.api.deps import Deps
from machxa_collector.notify.escalation import BadLadder, ladder_of
from machxa_collector.notify.happening import PERSON
from machxa_collector.notify.reaching import BY_LINK, aliases, own_wishes
from machxa_collector.notify.rules import next_slot
from machxa_collector.notify.ways.settings import BadChannel, address_of
from machxa_collector.notify.wishes import BadWishes, Wishes, said_of, wishes_of
from machxa_collector.registry.people import BY_LINK as LINK
from machxa_collector.store import channels, outbox, told
from machxa_collector.store.acting import acting
from machxa_collector.store.channels import Wished
from machxa_collector.store.outbox import Message

router = APIRouter(prefix="/api/v1/notifications")

_own = Depends(permission("account.own"))
_MOST = 100
_PRIVATE = {"Cache-Control": "no-store"}


@router.get("", response_model=shapes.NoticePage, dependencies=[_own])
def mine(
    request: Request,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
) -> Response:
    """List one's own notices, the newest first."""
    deps: Deps = request.app.state.deps
    who = recipient_of(request)
    before = int(str(key_of(cursor, (int,))[0])) if cursor else None
    found = outbox.mine(deps.store, who, before, limit + 1)
    shown = found[:limit]
    known = channels.wished_by(deps.store, who)
    wishes = Wishes() if known is None else own_wishes(known.body)
    body = {
        "notices": [_notice(one) for one in shown],
        "unread": outbox.unread(deps.store, who),
        "waiting": told.waits(deps.store, who),
        "next_digest_at": iso(next_slot(wishes, deps.now_ms())),
        "next": cursor_of([shown[-1].pk]) if len(found) > limit else None,
    }
    return answer(request, body)


@router.post("/read", response_model=shapes.ReadResult, dependencies=[_own])
def read(request: Request, asked: shapes.ReadRequest) -> Response:
    """Say that one has read all notices up to one."""
    deps: Deps = request.app.state.deps
    who = recipient_of(request)
    with deps.store.begin() as connection:
        count = outbox.read(connection, who, asked.upto, deps.now_ms())
    return JSONResponse({"read": count}, headers=_PRIVATE)


@router.get("/wishes", response_model=shapes.WishesAnswer, dependencies=[_own])
def wishes(request: Request) -> Response:
    """Say how one is told."""
    return answer(request, _wishes(request))


@router.put("/wishes", response_model=shapes.WishesAnswer, dependencies=[_own])
def wish(request: Request, asked: shapes.WishesRequest) -> Response:
    """Say how one wishes to be told."""
    deps: Deps = request.app.state.deps
    who = recipient_of(request)
    try:
        body = said_of(wishes_of(asked.wishes.model_dump()))
        address = address_of(asked.address.strip()) if asked.address and asked.address.strip() else asked.address
    except (BadWishes, BadChannel) as exc:
        raise HTTPException(422, str(exc)) from exc
    if asked.channel is not None and asked.channel not in _choices(deps):
        raise HTTPException(422, "no such channel to choose")
    said = Wished(recipient=who, body=body, channel=asked.channel, has_address=False)
    with acting(deps.store, act(request, "notify.wish", who, channel=asked.channel)) as connection:
        channels.wish(connection, deps.seals, said, None if address is None else address.strip(), deps.now_ms())
    return JSONResponse(_wishes(request), headers=_PRIVATE)


@router.get("/policy", response_model=shapes.PolicyShape, dependencies=[Depends(permission("settings.read"))])
def policy(request: Request) -> Response:
    """Say what holds for all."""
    deps: Deps = request.app.state.deps
    return answer(request, shapes.PolicyShape.model_validate(channels.policy(deps.store)).model_dump())


@router.put("/policy", response_model=shapes.PolicyShape, dependencies=[Depends(permission("settings.write"))])
def set_policy(request: Request, asked: shapes.PolicyShape) -> Response:
    """Set the address that links begin with, and who is told when nobody answers."""
    refuse_for_some(request)
    deps: Deps = request.app.state.deps
    said = asked.model_dump()
    try:
        ladder = ladder_of(said["escalation"])
    except BadLadder as exc:
        raise HTTPException(422, str(exc)) from exc
    there = {*(known := aliases(deps.store)), *known.values(), *(f"channel/{id_}" for id_ in _every_channel(deps))}
    gone = sorted({who for step in ladder.steps for who in step.to} - there)
    if gone:
        raise HTTPException(422, f"{gone[0]} is neither a person nor a channel here")
    steps = len(asked.escalation.steps)
    with acting(deps.store, act(request, "notify.policy", base_url=asked.base_url, steps=steps)) as connection:
        channels.set_policy(connection, said)
    return JSONResponse(said, headers=_PRIVATE)


def recipient_of(request: Request) -> str:
    """Return the name by which who asks is told; answers 404 for who is no person."""
    asking = principal_of(request)
    if asking.person is not None:
        return PERSON + asking.person
    if asking.name == LINK.name:
        return BY_LINK
    raise HTTPException(404, "only people have notices")


def own_name(request: Request) -> str | None:
    """Return the name by which who asks is told, None for who is no person."""
    asking = principal_of(request)
    return recipient_of(request) if asking.person is not None or asking.name == LINK.name else None


def _every_channel(deps: Deps) -> list[str]:
    return [one.id for one in channels.every(deps.store)]


def _choices(deps: Deps) -> Mapping[str, str]:
    """Return what a person may choose: not a group's own chat."""
    known = [one for one in channels.every(deps.store) if one.enabled and (one.kind == "email" or one.rules is None)]
    return {one.id: one.kind for one in known}


def _wishes(request: Request) -> dict[str, object]:
    deps: Deps = request.app.state.deps
    known = channels.wished_by(deps.store, recipient_of(request))
    choices = [{"id": id_, "kind": kind} for id_, kind in _choices(deps).items()]
    return {
        "wishes": said_of(Wishes() if known is None else own_wishes(known.body)),
        "channel": None if known is None else known.channel,
        "has_address": known is not None and known.has_address,
        "choices": choices,
    }


def _notice(one: Message) -> dict[str, object]:
    return {
        "id": one.pk,
        "at": iso(one.made_at),
        "kind": one.kind,
        "severity": one.body["severity"],
        "subject": _both(one, "subject"),
        "text": _both(one, "text"),
        "incidents": one.body["incidents"],
        "channel": one.channel,
        "state": one.state,
        "error": one.error,
        "read_at": iso(one.read_at),
    }


def _both(one: Message, name: str) -> dict[str, object]:
    texts = {code: one.body[code] for code in ("vi", "en")}
    return {code: said[name] for code, said in texts.items() if isinstance(said, Mapping)}
