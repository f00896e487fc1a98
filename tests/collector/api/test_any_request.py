"""Whatever is asked of any described operation: no defect, no undocumented answer, every answer as described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy import create_engine

from machxa_collector.api.app import create_app
from machxa_collector.registry.people.sitting import COUNTER
from machxa_collector.store import sessions
from tests.collector.api.conftest import Centre
from tests.collector.api.places_of_assets import VINH_LONG, put_assets

pytestmark = pytest.mark.faults

KEPT = json.loads((Path(__file__).parents[3] / "docs/openapi.json").read_text(encoding="utf-8"))
OPERATIONS = [(path, method) for path, methods in KEPT["paths"].items() for method in methods]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def described() -> OpenApiSchema:
    """Return docs/'s description and an application's routes, made once: a test gives it a state of its own."""
    found = schemathesis.openapi.from_dict(KEPT)
    found.app = create_app(Centre(create_engine("sqlite://")).deps(loopback_open=True))
    return found


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_an_operation_answers_any_request_as_it_says(
    centre: Centre, described: OpenApiSchema, path: str, method: str
) -> None:
    put_assets(centre.store, VINH_LONG, 3, seed=1)
    described.app.state = create_app(centre.deps(loopback_open=True)).state

    @settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=described[path][method].as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        opening = sessions.Opening(person=None, is_half=False, sitting=COUNTER, address="", browser="")
        with centre.store.begin() as connection:
            secret = sessions.begin(connection, opening, centre.now_ms)

        answer = case.call(base_url="http://127.0.0.1:8470", cookies={"machxa_session": secret})

        case.validate_response(answer, checks=CHECKS)

    ask()
