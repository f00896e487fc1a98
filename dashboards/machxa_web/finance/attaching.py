"""Take the quotations and photographs that stand behind prices and assets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.sheet import Sheet
from machxa_web.finance.asking import query
from machxa_web.finance.desk import FinanceDeskOf, FinanceGuards, Which
from machxa_web.finance.pages import PLACE

MOST_FILE_BYTES = 6 * 1024 * 1024
_MOST_FIELDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Hold a file that a person sent, behind what it stands, and the line it was sent from."""

    plan: str
    line: str
    subject: str
    name: str
    content: bytes


async def sent_of(request: Request) -> Sent | Trouble:
    """Return the file of a form, Trouble for none and for too many bytes: a page shows it."""
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return Trouble(400, "chưa chọn tệp; chưa lưu gì", "no file was chosen; nothing was saved")
        content = await file.read(MOST_FILE_BYTES + 1)
        fields = {name: value[:200] for name, value in form.items() if isinstance(value, str)}
        name = file.filename[:200]
    if len(content) > MOST_FILE_BYTES:
        return Trouble(413, "tệp lớn hơn 6 MB; chưa lưu gì", "the file is over 6 MB; nothing was saved")
    plan, line, subject = (fields.get(one, "") for one in ("plan", "line", "subject"))
    return Sent(plan=plan, line=line, subject=subject, name=name, content=content)


def add_attaching_routes(router: APIRouter, desk_of: FinanceDeskOf, sheet: Sheet, guards: FinanceGuards) -> None:
    """Give a router what the forms for files send to."""

    def attach(request: Request, sent: Annotated[Sent, Depends(sent_of)]) -> Response:
        """Keep a file."""
        desk_of(request).attach(sent.subject, sent.name, sent.content)
        return _back(sent.plan, sent.line, "file")

    def detach(request: Request, form: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
        """Take a file away from where it stands."""
        text = form.get("number", "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - what a number can be
            raise Trouble(422, "mẫu bị thiếu; chưa lưu gì", "the form is not whole; nothing was saved")
        desk_of(request).detach(int(text))
        return _back(form.get("plan", ""), form.get("line", ""), "file")

    sheet.add(router, "POST", {f"{PLACE}/attach": attach, f"{PLACE}/detach": detach}, guards.deciding)


def _back(plan: str, line: str, done: str) -> Response:
    return RedirectResponse(f"{PLACE}/line?{query(Which(plan[:60], None), line=line[:200], done=done)}", 303)
