"""Write answers: JSON with an ETag, and opaque cursors."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime

from fastapi import HTTPException, Request
from starlette.responses import Response

MOST_PER_PAGE = 500
_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999
_LARGEST = 2**63 - 1  # a database's integer


def answer(request: Request, body: object) -> Response:
    """Return a body as JSON with its ETag, or 304 when the caller has it already."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'W/"{hashlib.sha256(text).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    asked = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if tag in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)


def cursor_of(key: list[object]) -> str:
    """Return an opaque cursor for a keyset."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(cursor: str, shape: tuple[type, ...]) -> list[object]:
    """Return a cursor's keyset; answers 400 for one we did not make."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or tuple(map(type, key)) != shape or not all(map(_is_storable, key)):
        raise HTTPException(400, "cursor is not one that an answer gave; begin again without it")
    return key


def iso(ms: int | None) -> str | None:
    """Return a time as ISO 8601 UTC to the millisecond, None when it never happened or no calendar can say it."""
    if ms is None or not _FIRST_MS <= ms <= _LAST_MS:
        return None
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ms_of(moment: datetime) -> int:
    """Return a time as ms since 1970 UTC; one without zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


def _is_storable(part: object) -> bool:
    """Return whether a database takes a value from outside: whole numbers of 64 bits, text that UTF-8 can say."""
    if isinstance(part, int):
        return -_LARGEST <= part <= _LARGEST
    return isinstance(part, str) and part.isprintable()
