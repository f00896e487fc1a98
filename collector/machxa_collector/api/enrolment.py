"""Enrol agents, and give them certificates."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from machxa_collector.api.access import anyone, is_direct
from machxa_collector.api.acts import address_of
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.enrolment_shapes import (
    Asking,
    AuthorityShape,
    EnrolledAgent,
    EnrolRequest,
    PendingRequest,
    PollRequest,
    RenewRequest,
)
from machxa_collector.api.problems import problem
from machxa_collector.registry.certificates import BadRequest, request_fingerprint
from machxa_collector.registry.enrolment import POLL_SECONDS, Asked, State, identifying
from machxa_collector.store import enrolment, policies, renewal, settings
from machxa_collector.store.enrolment import Enrolled, Grant
from machxa_collector.store.enrolment_requests import Pending

router = APIRouter(prefix="/api/v1")

_REFUSED = (
    "this opens nothing: the token or secret is unknown, spent, expired or refused, or the certificate request is "
    "none; make another token"
)
_ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"model": PendingRequest, "description": "Somebody has to decide; ask again"}
}


@router.post(
    "/enrol", status_code=201, response_model=EnrolledAgent, responses=_ANSWERS, dependencies=[Depends(anyone)]
)
def enrol(request: Request, asked: EnrolRequest) -> Response:
    """Give an agent its identity for a good token; one answer for every other, whatever is wrong."""
    deps: Deps = request.app.state.deps
    here = deps.loopback_open and is_direct(request)
    told = _asked(request, asked)
    return _given(deps, enrolment.enrol(deps.store, asked.token, told, _grant(deps), here=here), told)


@router.post(
    "/enrol/poll", status_code=201, response_model=EnrolledAgent, responses=_ANSWERS, dependencies=[Depends(anyone)]
)
def poll(request: Request, asked: PollRequest) -> Response:
    """Give an agent what was decided on its request."""
    deps: Deps = request.app.state.deps
    return _given(deps, renewal.collect(deps.store, asked.secret, _grant(deps)))


@router.post(
    "/certificates/renew",
    status_code=201,
    response_model=EnrolledAgent,
    responses=_ANSWERS,
    dependencies=[Depends(anyone)],
)
def renew(request: Request, asked: RenewRequest) -> Response:
    """Give a known agent its next certificate, or a request to wait for when it has none in force."""
    deps: Deps = request.app.state.deps
    told = _asked(request, asked)
    if told is None or told.request is None:
        return problem(403, _REFUSED)
    return _given(deps, renewal.renew(deps.store, asked.agent, told, asked.mac, _grant(deps)), told)


@router.get("/ca", response_model=AuthorityShape, dependencies=[Depends(anyone)])
def authority(request: Request) -> Response:
    """Give the certificate of the centre's authority; who asks compares its fingerprint with the one on the token."""
    deps: Deps = request.app.state.deps
    body = {"certificate": deps.certifier.certificate.decode("ascii"), "fingerprint": deps.certifier.fingerprint}
    return answer(request, body)


def _asked(request: Request, asked: Asking) -> Asked | None:
    """Return what was asked, None where it cannot be granted: no request that can be signed, and TLS wants one."""
    deps: Deps = request.app.state.deps
    csr, fingerprint = (asked.csr or "").encode("utf-8", "replace"), None
    try:
        fingerprint = request_fingerprint(csr)
    except BadRequest:
        if asked.csr is not None or deps.broker.tls:
            return None
    return Asked(
        hostname=asked.hostname,
        role=asked.role,
        marks=identifying(asked.uuid, asked.serial, asked.machine_id),
        address=address_of(request),
        request=csr if fingerprint else None,
        fingerprint=fingerprint,
    )


def _grant(deps: Deps) -> Grant:
    return Grant(deps.now_ms(), deps.new_key(), deps.certifier.issue)


def _given(deps: Deps, given: Enrolled | Pending | State | None, told: Asked | None = None) -> Response:
    """Answer with an identity, with a request that waits, or with the one refusal."""
    if given is None:
        return problem(403, _REFUSED)
    no_store = {"Cache-Control": "no-store"}
    if not isinstance(given, Enrolled):
        waits = given if isinstance(given, Pending) else None
        body: dict[str, object] = {
            "request": waits.id if waits else None,
            "secret": waits.secret if waits else None,
            "fingerprint": told.fingerprint if told else None,
            "poll_seconds": POLL_SECONDS,
        }
        return JSONResponse(body, 202, headers=no_store)
    current = settings.current(deps.store)
    policy_key = policies.trusted_key(deps.store)
    if current.version or policy_key is not None:
        deps.publish_settings(current, given.agent)
    broker = deps.broker
    body = {
        "agent": given.agent,
        "shard": given.shard,
        "key": base64.urlsafe_b64encode(given.key).decode().rstrip("="),
        "certificate": given.certificate,
        "ca": deps.certifier.certificate.decode("ascii"),
        "policy_key": policy_key,
        "broker": {
            "host": broker.told_host or broker.host,
            "port": broker.told_port or broker.port,
            "tls": broker.tls,
        },
        "paths": [{"name": name, "host": host, "port": port} for name, host, port in broker.told_paths],
    }
    return JSONResponse(body, 201, headers=no_store)
