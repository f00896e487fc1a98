"""Answer a browser: conditional requests, compression and the headers that keep a page to itself."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request, Response

from machxa_web.languages import CODES, DEFAULT, Language

SMALLEST_GZIP = 300  # bytes below which a gzip header costs more than it saves
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REVALIDATE = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
LANGUAGE_COOKIE = "machxa_lang"
_ASKED = "lang"
_YEAR = 365 * 86400
_ACTS = frozenset(
    {
        "save",
        "remove",
        "undo",
        "mapping",
        "start",
        "drop",
        "merge",
        "unmerge",
        "split",
        "move",
        "decide",
        "close",
        "attach",
        "detach",
        "pause",
        "again",
    }
)


def language_of(request: Request, languages: Mapping[str, Language]) -> Language:
    """Return the language asked for in the address, else the one chosen before, else Vietnamese."""
    for code in (request.query_params.get(_ASKED), request.cookies.get(LANGUAGE_COOKIE)):
        if code in CODES:
            return languages[code]
    return languages[DEFAULT]


def remember_language(request: Request, response: Response, language: Language) -> None:
    """Let the browser keep the language that the address asked for."""
    if request.query_params.get(_ASKED) == language.code != request.cookies.get(LANGUAGE_COOKIE, DEFAULT):
        response.set_cookie(LANGUAGE_COOKIE, language.code, max_age=_YEAR, httponly=True, samesite="lax")


def here_of(request: Request) -> str:
    """Return where this page is read again in another language, up to the language's code.

    The answer to a form has no address of its own: the page that the form stood on is named.
    """
    path = request.url.path
    if request.method == "POST":
        stem, _, act = path.rpartition("/")
        return f"{stem if act in _ACTS else path}?{_ASKED}="
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != _ASKED]
    return f"{path}?{urlencode([*kept, (_ASKED, '')])}"


def is_current(request: Request, etag: str) -> bool:
    """Tell whether the browser already holds this version (RFC 9110, 13.1.2: weak comparison)."""
    held = request.headers.get("if-none-match", "")
    return etag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in held.split(",")}


def etag_of(*parts: object) -> str:
    """Return a weak entity tag that changes when any part does (parts need a stable repr)."""
    return f'W/"{hashlib.blake2b(repr(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()}"'


def unchanged(etag: str, cache: str = REVALIDATE) -> Response:
    """Return 304 with no body."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": cache})


def answer(
    request: Request,
    body: bytes,
    *,
    media: str = "text/html; charset=utf-8",
    etag: str | None = None,
    cache: str = REVALIDATE,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a body, compressed when the browser takes gzip."""
    sent = {"X-Content-Type-Options": "nosniff", "Cache-Control": cache, "Vary": "Accept-Encoding", **(headers or {})}
    if etag is not None:
        sent["ETag"] = etag
    if len(body) >= SMALLEST_GZIP and _takes_gzip(request):
        body = gzip.compress(body, 9, mtime=0)
        sent["Content-Encoding"] = "gzip"
    return Response(body, status_code=status, media_type=media, headers=sent)


def _takes_gzip(request: Request) -> bool:
    for coding in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = coding.partition(";")
        if name.strip().lower() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0"}
    return False
