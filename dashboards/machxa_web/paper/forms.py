"""Read the forms of the pages of work on paper, within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile

from machxa_web.admin.desk import Trouble
from machxa_web.days import moment_of
from machxa_web.outputs.words import GROUPS

MOST_BYTES = 60 * 1024  # of pasted rows or a file: some 500 lines, within what any request may hold
MOST_MARKED = 100  # lines that one form marks as typed in
_MOST_TEXT = 500
_MOST_CODE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Hold rows as they were sent in a file, or pasted: then the headings may be missing."""

    content: bytes
    is_pasted: bool = False


class BadRows(Trouble):
    """Say which of the rows cannot be read: they are shown again, to be mended."""


async def rows_of(request: Request) -> Rows | Trouble:
    """Return a form's file, or what was pasted; Trouble for neither, and for too much: a page shows it."""
    async with request.form(max_files=1, max_fields=5, max_part_size=2 * MOST_BYTES) as form:
        file, pasted = form.get("file"), form.get("rows")
        if isinstance(file, UploadFile) and file.filename:
            found = Rows(content=await file.read(MOST_BYTES + 1))
        elif isinstance(pasted, str) and pasted.strip():
            found = Rows(content=pasted.strip("\r\n").encode(), is_pasted=True)
        else:
            return Trouble(400, "chưa chọn tệp, chưa dán dòng nào", "no file was chosen and no rows were pasted")
    if len(found.content) > MOST_BYTES:
        return Trouble(413, "hơn 60 KB: hãy chia nhỏ; chưa ghi gì", "over 60 KB: split it; nothing was written")
    return found


def declaration(form: Mapping[str, str]) -> dict[str, object]:
    """Return what a form declares, as the API takes it; raises Trouble."""
    said = {name: form.get(name, "").strip()[:_MOST_TEXT] for name in ("unit", "reason")}
    incident = form.get("incident", "").strip().lower()[:_MOST_CODE]
    return {
        **said,
        "groups": [group for group in GROUPS if form.get(f"group-{group}")],
        "incident": incident or None,
        "started_at": moment_or_none(form.get("started_at", "")),
    }


def moment_or_none(text: str) -> int | None:
    """Return a form's time in Việt Nam as ms since 1970 UTC, None for an empty one; raises Trouble."""
    return moment_of(text) if text.strip() else None


def marked(form: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """Return the numbers of lines that a form says are typed in, with their dossier numbers where given."""
    return [
        (form[f"number-{n}"][:_MOST_CODE], form.get(f"dossier-{n}", "").strip()[:_MOST_CODE] or None)
        for n in range(MOST_MARKED)
        if form.get(f"number-{n}")
    ]
