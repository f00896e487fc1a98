"""Enrolment with certificates: who is let in at once, who waits, and the one answer for everybody else."""

from __future__ import annotations

import statistics
import time

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine, select

from machxa_collector.api.deps import BrokerAddress
from machxa_collector.registry.certificates import fingerprint
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import enrolment, tables
from tests.collector.api import asking
from tests.collector.api.conftest import AUTHORITY, Centre
from tests.collector.builders import assert_problem


def _enrol(client: TestClient, token: str, **more: object) -> Response:
    asked = {"token": token, "hostname": "may-1", "csr": asking.csr(), **more}
    answer: Response = client.post("/api/v1/enrol", json=asked)
    return answer


def _scoped(centre: Centre, unit: str | None = "29410", uses: int = 9) -> str:
    token = centre.token(Purpose.ENROL, uses=uses)
    enrolment.scope_token(centre.store, token, unit=unit)
    return token


def test_an_agent_gets_a_certificate_in_its_own_name_and_the_authoritys(client: TestClient, centre: Centre) -> None:
    given = _enrol(client, centre.token(Purpose.ENROL, uses=1)).json()

    assert asking.named(given["certificate"])[0] == given["agent"]
    assert given["ca"] == AUTHORITY.certificate_pem.decode()


def test_everybody_may_read_the_authoritys_certificate_and_compare(outside: TestClient) -> None:
    told = outside.get("/api/v1/ca").json()

    assert told["fingerprint"] == fingerprint(told["certificate"].encode())


def test_a_communes_token_lets_in_at_once_and_places_the_computer(
    outside: TestClient, centre: Centre, store: Engine
) -> None:
    given = _enrol(outside, _scoped(centre))

    assert given.status_code == 201
    with store.connect() as connection:
        columns = tables.assets.c
        asset, unit = connection.execute(select(columns.id, columns.unit)).one()
        placed = connection.execute(select(tables.places.c.asset_id, tables.places.c.unit)).all()
    assert (unit, placed) == ("29410", [(asset, "29410")])


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "10.1.2.3"}], ids=["from outside", "through a proxy"])
def test_any_other_token_makes_a_request_that_waits(
    outside: TestClient, client: TestClient, centre: Centre, headers: dict[str, str]
) -> None:
    asked = {"token": centre.token(Purpose.ENROL, uses=1), "hostname": "may-1", "csr": asking.csr()}
    caller = client if headers else outside

    waits = caller.post("/api/v1/enrol", json=asked, headers=headers)

    assert waits.status_code == 202
    assert waits.headers["cache-control"] == "no-store"
    assert sorted(waits.json()) == ["fingerprint", "poll_seconds", "request", "secret"]
    assert caller.post("/api/v1/enrol/poll", json={"secret": waits.json()["secret"]}).status_code == 202


def test_every_refusal_is_the_same_whatever_is_wrong(outside: TestClient, centre: Centre) -> None:
    spent, late = centre.token(Purpose.ENROL, uses=1), centre.token(Purpose.ENROL, uses=1)
    _enrol(outside, spent)
    good = _scoped(centre)
    pending = _enrol(outside, centre.token(Purpose.ENROL, uses=1)).json()
    refuser = {"Authorization": f"Bearer {centre.token(Purpose.API)}"}
    refused = outside.post(f"/api/v1/enrolments/{pending['request']}/refuse", headers=refuser)
    answers = {
        "unknown": _enrol(outside, "?"),
        "spent": _enrol(outside, spent),
        "another purpose": _enrol(outside, centre.token(Purpose.API)),
        "not a request": _enrol(outside, good, csr="-----BEGIN"),
        "surrogates": outside.post(
            "/api/v1/enrol",
            content=b'{"token": "' + good.encode() + b'", "hostname": "a", "csr": "\\u00ff"}',
            headers={"Content-Type": "application/json"},
        ),
        "refused": outside.post("/api/v1/enrol/poll", json={"secret": pending["secret"]}),
        "unknown secret": outside.post("/api/v1/enrol/poll", json={"secret": "?"}),
        "no agent": outside.post("/api/v1/certificates/renew", json=asking.renewal("?", b"k" * 32, asking.csr())),
    }
    centre.now_ms += 3_600_000
    answers["expired"] = _enrol(outside, late)

    assert refused.status_code == 200
    assert_problem(answers["unknown"], 403)
    told = {name: (one.status_code, one.text, sorted(one.headers.items())) for name, one in answers.items()}
    assert set(map(str, told.values())) == {str(told["unknown"])}


def test_a_request_that_cannot_be_signed_costs_no_use_of_the_token(outside: TestClient, centre: Centre) -> None:
    token = _scoped(centre, uses=1)

    refused = _enrol(outside, token, csr="-----BEGIN")

    assert refused.status_code == 403
    assert _enrol(outside, token).status_code == 201


def test_where_the_broker_wants_certificates_an_agent_without_request_is_refused(
    client: TestClient, centre: Centre
) -> None:
    token = centre.token(Purpose.ENROL, uses=1)

    without = client.post("/api/v1/enrol", json={"token": token, "hostname": "may-1"})
    centre.broker = BrokerAddress("127.0.0.1", 8883, tls=True, told_host="mx.example", told_port=443)
    client.app.state.deps = centre.deps(loopback_open=True)  # type: ignore[attr-defined] # Starlette's, untyped there
    refused = client.post("/api/v1/enrol", json={"token": centre.token(Purpose.ENROL), "hostname": "may-1"})
    given = _enrol(client, centre.token(Purpose.ENROL))

    assert (without.status_code, without.json()["certificate"]) == (201, None)
    assert refused.status_code == 403
    assert given.json()["broker"] == {"host": "mx.example", "port": 443, "tls": True}


def test_refusing_a_spent_token_takes_about_as_long_as_refusing_one_nobody_made(
    outside: TestClient, centre: Centre
) -> None:
    spent = centre.token(Purpose.ENROL, uses=1)
    _enrol(outside, spent)
    request = asking.csr()
    took: dict[str, list[float]] = {"?" * 43: [], spent: []}
    for _ in range(60):
        for token, times in took.items():
            began = time.perf_counter()
            _enrol(outside, token, csr=request)
            times.append(time.perf_counter() - began)

    unknown, used = (statistics.median(times) for times in took.values())

    print(f"medians: unknown {unknown * 1000:.2f} ms, spent {used * 1000:.2f} ms, ratio {used / unknown:.2f}")
    assert 0.2 < used / unknown < 5  # a different path, such as a slow hash or a write, is far outside
