"""Bound what a form or an address may say before it goes further."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import Request
from starlette.datastructures import UploadFile

from machxa_web.admin.desk import Trouble, Upload

MOST_FIELDS = 210  # the columns of a file, each with its field, and what goes with them
MOST_CHARACTERS = 4000
MOST_FILE_BYTES = 20 * 1024 * 1024
_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_CURSOR = re.compile(r"[0-9A-Za-z_=.~-]{1,400}", re.ASCII)


def name_of(text: str) -> str:
    """Return an id or a kind's name from an address; raises Trouble 404 for what can be none."""
    if not _NAME.fullmatch(text):
        raise Trouble(404, "không có trang này", "there is no such page")
    return text


def cursor_of(request: Request) -> str | None:
    """Return the cursor of an address, None on the first page; raises Trouble 404 for what can be none."""
    cursor = request.query_params.get("cursor")
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise Trouble(404, "địa chỉ bị cắt ngắn", "the address was cut short")
    return cursor


async def form_of(request: Request) -> Mapping[str, str] | Trouble:
    """Return a form's fields as text, Trouble beyond what our forms can hold: a page shows it."""
    try:
        return await _form(request)
    except Trouble as trouble:
        return trouble


async def upload_of(request: Request) -> Upload | Trouble:
    """Return the one file of a form, Trouble when there is none or it is too large: a page shows it."""
    try:
        return await _upload(request)
    except Trouble as trouble:
        return trouble


async def _form(request: Request) -> Mapping[str, str]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
    if any(len(value) > MOST_CHARACTERS for value in fields.values()):
        raise Trouble(
            413,
            f"một ô dài hơn {MOST_CHARACTERS} ký tự; chưa lưu gì",
            f"a field has over {MOST_CHARACTERS} characters; nothing was saved",
        )
    return fields


async def _upload(request: Request) -> Upload:
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Trouble(400, "chưa chọn tệp", "no file was chosen")
        content = await file.read(MOST_FILE_BYTES + 1)
        mapping = form.get("mapping", "")
    if len(content) > MOST_FILE_BYTES:
        raise Trouble(413, "tệp lớn hơn 20 MB: hãy chia nhỏ", "the file is over 20 MB: split it")
    return Upload(content=content, mapping=mapping[:100] if isinstance(mapping, str) else "")
