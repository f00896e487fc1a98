"""Answer every error as a problem document (RFC 9457), never with a stack trace or a value from outside."""

from __future__ import annotations

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
    def _http(_request: Request, exc: HTTPException) -> Response:
        answer = problem(exc.status_code, str(exc.detail))
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
