"""Take a report's photograph, cleaned of all but what shows it, and give it to those who may see the report."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.acts import act
from machxa_collector.api.deps import Deps
from machxa_collector.registry.pictures import BadPicture, cleaned, media_type_of
from machxa_collector.store import photos as stored

router = APIRouter(prefix="/api/v1")
_SHOWN = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


@router.put(
    "/reports/{report}/photo",
    status_code=204,
    response_class=Response,
    dependencies=[Depends(permission("reports.write"))],
)
async def put_photo(request: Request, report: str) -> Response:
    """Keep a photograph (JPEG or PNG, 6 MB at most, as the body) of a report; place and time in it are taken off."""
    content = await request.body()
    return await run_in_threadpool(_kept, request, report, content)


@router.get("/reports/{report}/photo", response_class=Response, dependencies=[Depends(permission("reports.read"))])
def photo(request: Request, report: str) -> Response:
    """Give the photograph of a report."""
    deps: Deps = request.app.state.deps
    content = stored.one(deps.store, request_territory(request), report)
    if content is None:
        raise HTTPException(404, "no such report, or none with a photograph")
    return Response(content, media_type=media_type_of(content), headers=_SHOWN)


def _kept(request: Request, report: str, content: bytes) -> Response:
    deps: Deps = request.app.state.deps
    try:
        picture = cleaned(content)
    except BadPicture as exc:
        raise HTTPException(415, f"the photograph cannot be taken: {exc}") from exc
    entry = act(request, "report.photo", f"reports/{report}", bytes=len(picture.content))
    try:
        is_new = stored.keep(deps.store, request_territory(request), report, picture, entry)
    except stored.Taken:
        raise HTTPException(409, "this report has another photograph already") from None
    if is_new is None:
        raise HTTPException(404, "no such report")
    return Response(status_code=204, headers={"Cache-Control": "no-store"})
