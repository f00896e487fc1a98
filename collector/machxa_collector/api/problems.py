"""Answer every error as a problem document (RFC 9457), or to people as a page; never with a stack trace."""

from __future__ import annotations

import html
import json
import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

logger = logging.getLogger(__name__)


def problem(status: int, detail: str) -> Response:
    """Return a problem document."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Turn every refusal of a route into a problem document; defects are the guard's, which hardens that answer too."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, exc: HTTPException) -> Response:
        answer = (_page if _is_read_by_people(request) else problem)(exc.status_code, str(exc.detail))
        answer.headers.update(exc.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    def _invalid(_request: Request, exc: RequestValidationError) -> Response:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first.get("loc", ()))
        return problem(422, f"{where}: {first.get('msg', 'not as described in /api/v1/openapi.json')}")

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeoutError)
    def _store(request: Request, exc: OperationalError | PoolTimeoutError) -> Response:
        logger.warning("the store did not answer %r: %s", request.url.path, str(exc).partition("\n")[0])
        return problem(503, "the store cannot do this now; nothing was changed, try again in a minute")


def _is_read_by_people(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _page(status: int, detail: str) -> Response:
    """Return a page of few words in both languages, for addresses that the pages themselves lead nobody to."""
    vi, en = _WORDS.get(status, _REFUSED)
    body = (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{vi}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<main><h1>{vi}</h1><p lang="en">{en}: {html.escape(detail)}</p>'
        '<p><a href="/">Về trang đầu (to the first page)</a></p></main></html>'
    )
    return Response(body, status, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})


_REFUSED = ("Việc này chưa được thực hiện", "This was not done")
_WORDS = {
    401: ("Hãy đăng nhập trước", "Sign in first"),
    403: ("Bạn không có quyền làm việc này", "You may not do this"),
    404: ("Không có trang này", "There is no such page"),
    405: ("Không có trang này", "There is no such page"),
    429: ("Quá nhiều yêu cầu: hãy thử lại sau một phút", "Too many requests: try again in a minute"),
}
