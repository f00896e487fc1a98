"""Ask the API for a page, and turn its refusals into words for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from machxa_web.admin.desk import Trouble

Why = Mapping[int, str]  # an HTTP status, and what it means here, in Vietnamese


def asked(answer: Callable[[], Response], why: Why, nothing: str) -> dict[str, object]:
    """Return the JSON object of an answer; raises Trouble. nothing says in Vietnamese what did not happen."""
    try:
        found: dict[str, object] = json.loads(bytes(answer().body))
    except ValidationError as exc:
        raise Trouble(422, f"điều ghi trong mẫu không dùng được; {nothing}", "the form cannot be used so") from exc
    except HTTPException as exc:
        vi = why.get(exc.status_code, f"không làm được; {nothing}")
        raise Trouble(exc.status_code, vi, str(exc.detail)) from exc
    return found
