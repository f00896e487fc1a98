"""Read the form of a report within bounds: what it may say is a fixed word, a short note, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile

from machxa_web.admin.bounds import MOST_CHARACTERS, MOST_FIELDS
from machxa_web.admin.desk import Trouble
from machxa_web.outputs.words import STAGES
from machxa_web.reporting.words import HOW, SINCE, WAITING, WHAT

MOST_NOTE = 200  # characters
MOST_CODE = 40
MOST_PHOTO_BYTES = 6 * 1024 * 1024
CUT = "machxa.cut"  # in a request's scope: only the head of its body came in, and why: "large" or "busy"
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


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold a form that was sent: its fields, its photograph if it came whole, else why not, a word of PHOTO_TROUBLES.

    None and "": none was chosen.
    """

    fields: Mapping[str, str]
    photo: bytes | None = None
    refused: str = ""


async def sent_of(request: Request) -> Sent | Trouble:
    """Return a report's form, Trouble beyond what it can hold. Its photograph is refused alone, never the report."""
    cut = str(request.scope.get(CUT, ""))
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        file = form.get("photo")
        is_chosen = isinstance(file, UploadFile) and bool(file.filename)
        content = await file.read(MOST_PHOTO_BYTES + 1) if isinstance(file, UploadFile) and is_chosen else b""
    if any(len(value) > MOST_CHARACTERS for value in fields.values()):
        vi, en = (
            f"chưa gửi: một ô dài hơn {MOST_CHARACTERS} ký tự",
            f"not sent: over {MOST_CHARACTERS} characters in a field",
        )
        return Trouble(413, vi, en)
    refused = cut or ("large" if len(content) > MOST_PHOTO_BYTES else "")
    return Sent(fields, content if is_chosen and not refused else None, refused)


def _unfit(vi: str, en: str) -> Trouble:
    return Trouble(422, f"chưa gửi: {vi}", f"not sent: {en}")
