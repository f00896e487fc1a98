"""Read the form of a report within bounds: what it may say is a fixed word, a short note, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import Request
from starlette.datastructures import UploadFile

from machxa_web.admin.desk import Trouble
from machxa_web.outputs.words import STAGES
from machxa_web.reporting.words import HOW, SINCE, WAITING, WHAT

MOST_NOTE = 200  # characters
MOST_CODE = 40
MOST_PHOTO_BYTES = 6 * 1024 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_INCIDENT = re.compile(r"[0-9a-f]{8,32}", re.ASCII)


def said(form: Mapping[str, str]) -> dict[str, str]:
    """Return what a form tells, nothing but known words beside its key and note; raises Trouble."""
    found = {"key": form.get("key", ""), "what": form.get("what", ""), "incident": form.get("incident", "")}
    if _KEY.fullmatch(found["key"]) is None:
        raise _unfit("mẫu đã hỏng: hãy mở lại trang báo sự cố", "the form is damaged: open the page again")
    if found["incident"] and _INCIDENT.fullmatch(found["incident"]) is None:
        raise _unfit("sự cố này không còn", "this incident is gone")
    if found["what"] not in WHAT and not (found["incident"] and not found["what"]):
        raise _unfit("chưa chọn cái gì hỏng", "choose what is broken")
    for name, words in (("how", HOW), ("since", SINCE), ("waiting", WAITING)):
        found[name] = form.get(name, "")
        if found[name] and found[name] not in words:
            raise _unfit("mẫu ghi điều không có trong danh sách", "the form says what is not on its lists")
    note = form.get("note", "").strip()
    if len(note) > MOST_NOTE:
        raise _unfit(f"phần ghi thêm dài hơn {MOST_NOTE} ký tự", f"the note is longer than {MOST_NOTE} characters")
    stages = ",".join(stage for stage in STAGES if form.get(f"stage-{stage}"))
    return {**found, "note": note, "stages": stages, "paper": "yes" if form.get("paper") else ""}


async def photo_of(request: Request) -> bytes | Trouble:
    """Return the bytes of a form's photograph, Trouble for none and for too many: a page shows it."""
    async with request.form(max_files=1, max_fields=2) as form:
        file = form.get("photo")
        if not isinstance(file, UploadFile) or not file.filename:
            return Trouble(400, "chưa chọn ảnh", "no photograph was chosen")
        content = await file.read(MOST_PHOTO_BYTES + 1)
    if len(content) > MOST_PHOTO_BYTES:
        return Trouble(413, "ảnh lớn hơn 6 MB; báo cáo vẫn được giữ", "the photograph is over 6 MB; the report is kept")
    return content


def _unfit(vi: str, en: str) -> Trouble:
    return Trouble(422, f"chưa gửi: {vi}", f"not sent: {en}")
