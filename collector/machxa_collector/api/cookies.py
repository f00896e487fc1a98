"""Carry a session in a cookie that no script reads, no other site sends along, and no clear line carries.

Over HTTPS it is ``__Host-machxa`` with Secure. Plain HTTP is taken from this computer only: some browsers keep no
Secure cookie there, so it is ``machxa_session`` without.
"""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from machxa_collector.api.bounds import is_loopback_name

ENCRYPTED = "__Host-machxa"
LOOPBACK = "machxa_session"


def is_private(request: Request) -> bool:
    """Return whether a secret may travel here: encrypted (a proxy in front says so), or within this computer."""
    return request.url.scheme == "https" or is_loopback_name(request.headers.get("host", ""))


def session_secret(request: Request) -> str | None:
    """Return the secret of the session that a request carries, None when it carries none."""
    if request.url.scheme == "https":
        return request.cookies.get(ENCRYPTED)
    return request.cookies.get(LOOPBACK) if is_private(request) else None


def give_session(request: Request, answer: Response, secret: str, lives_ms: int) -> None:
    """Put a session's secret into an answer."""
    encrypted = request.url.scheme == "https"
    answer.set_cookie(
        ENCRYPTED if encrypted else LOOPBACK,
        secret,
        max_age=lives_ms // 1000,
        secure=encrypted,
        httponly=True,
        samesite="lax",
    )
    answer.headers["Cache-Control"] = "no-store"


def take_session(request: Request, answer: Response) -> None:
    """Take the session's secret back, and what the browser kept of pages."""
    encrypted = request.url.scheme == "https"
    name = ENCRYPTED if encrypted else LOOPBACK
    answer.delete_cookie(name, secure=encrypted, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache"'
