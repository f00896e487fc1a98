"""Tell a file's form by its first bytes, never by its name, and refuse what may not be opened."""

from __future__ import annotations

import io
import zipfile
from enum import Enum
from pathlib import Path

from machxa_collector.registry.sheets import BadFile

MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 50 * 1024 * 1024
_MOST_ENTRIES = 2_000
_START_BYTES = 64 * 1024

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of an encrypted XLSX, MS-OFFCRYPTO 2.3.4
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version")
_ADVICE = "mở bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx"


class FileForm(Enum):
    """Name a form of file."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    GLPI = "glpi"  # inventories as JSON, or a ZIP of such


def form_of(content: bytes) -> FileForm:
    """Return what a file is; raises BadFile with advice for what we do not open."""
    if len(content) > MOST_FILE_BYTES:
        raise too_large(MOST_FILE_BYTES)
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise BadFile("tệp rỗng", "the file is empty")
    if content.startswith(_ZIP):
        return _zipped(content)
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise encrypted()
        return FileForm.XLS
    if content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise BadFile(
            f"tệp là trang web mang đuôi .xls: {_ADVICE}",
            "the file is a web page named .xls: open it in Excel and save it as .xlsx",
        )
    if content.startswith((b"%PDF", b"{\\rtf")):
        raise BadFile(f"tệp không phải bảng tính: {_ADVICE}", "the file is no spreadsheet: save one as .xlsx")
    return FileForm.GLPI if content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else FileForm.CSV


def form_on_disk(path: Path, most_bytes: int) -> FileForm:
    """Return what a file on disk is; one that is no workbook may have up to most_bytes, since it is read row by row.

    Raises BadFile as form_of does.
    """
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
        if start.startswith((_ZIP, _OLE)) or len(start) < _START_BYTES:
            return form_of(start + file.read(MOST_FILE_BYTES + 1 - len(start)))
    if path.stat().st_size > most_bytes:
        raise too_large(most_bytes)
    return form_of(start)


def too_large(most_bytes: int) -> BadFile:
    """Return the refusal of a file with more bytes than one may have."""
    most = most_bytes // (1024 * 1024)
    return BadFile(f"tệp lớn hơn {most} MB: hãy chia nhỏ", f"the file is over {most} MB: split it")


def encrypted() -> BadFile:
    """Return the refusal of a file under a password."""
    return BadFile(
        "tệp có mật khẩu: bỏ mật khẩu rồi lưu lại", "the file is under a password: take it off and save it again"
    )


def broken() -> BadFile:
    """Return the refusal of a file whose inside is not what its beginning says."""
    return BadFile(
        f"không đọc được tệp, có thể tệp hỏng: {_ADVICE}",
        "the file cannot be read, it may be damaged: open it in Excel and save it as .xlsx",
    )


def too_heavy() -> BadFile:
    """Return the refusal of a file that needs more memory or time than one may."""
    return BadFile(
        "tệp cần quá nhiều bộ nhớ hoặc thời gian: chép riêng các dòng có chữ sang tệp mới",
        "the file needs too much memory or time: copy its filled rows to a new file",
    )


def _zipped(content: bytes) -> FileForm:
    """Look into a ZIP file before anyone unpacks it; sizes that lie meet the bounds of the child that reads."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            entries = opened.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as exc:
        raise broken() from exc
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise BadFile(
            "tệp khi giải nén lớn hơn 50 MB: hãy chia nhỏ, hoặc lưu thành CSV UTF-8",
            "the file unpacks to more than 50 MB: split it, or save it as CSV UTF-8",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted()
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" in names:
        return FileForm.XLSX
    if "content.xml" in names:
        return FileForm.ODS
    if any(name.lower().endswith(".json") for name in names):
        return FileForm.GLPI
    raise BadFile(f"tệp nén không phải bảng tính: {_ADVICE}", "the ZIP file is no spreadsheet: save one as .xlsx")
