"""Write the OpenAPI document: what FastAPI knows of the routes, and what holds for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from machxa_collector.api.shapes import Problem

_ABOUT = (
    "Answers under /api/v1 carry an ETag; send it as If-None-Match to get 304. Errors are problem documents "
    "(RFC 9457). On a server that listens on loopback, reading is open there; else a session (one-time sign-in "
    "link, or login, password and code) or an API token is needed. Changes always need one. Each operation names the "
    "permission that it needs (x-permission); what lies outside of a caller's territory is answered as unknown. "
    "429 says in Retry-After how long to wait."
)
_PROBLEM = {
    "description": "What went wrong, as a problem document",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "made by: machxa token api"},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-machxa"},
}


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of an application."""
    described: dict[str, Any] = json.loads(json.dumps(app.openapi()))
    described["info"]["description"] = _ABOUT
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = _SCHEMES
    for path, method, operation in _operations(described):
        answers = operation["responses"]
        answers.pop("422", None)
        answers["default"] = _PROBLEM
        needed = app.state.permissions[method, path]
        operation["security"] = [] if needed is None else [{"token": []}, {"session": []}]
        if needed is not None:
            operation["x-permission"] = needed.value
        if method == "get" and path.startswith("/api/v1"):
            answers["304"] = {"description": "The caller has it already"}
    return described


def text(app: FastAPI) -> str:
    """Return the document as it is kept in docs/."""
    return json.dumps(document(app), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation
