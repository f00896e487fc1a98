"""Remember in a data folder that its store is a PostgreSQL, so that every command on the folder opens the same one."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from machxa_collector.failure import CannotRunError

_NAME, _FILE = "store.url", "machxa.db"
_SCHEMES = ("postgresql", "postgres")


def known(data: Path) -> str | None:
    """Return the address of a data folder's store, None for the SQLite file in it; raises CannotRunError."""
    file = data / "collector" / _NAME
    try:
        said = file.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):  # there is no such folder: whoever makes it says why it cannot
        return None
    except (OSError, ValueError) as exc:
        raise CannotRunError(f"không đọc được {file}: {exc}", f"{file} cannot be read: {exc}") from exc
    return _checked(said)


def remember(data: Path, address: str) -> None:
    """Write the address of a data folder's store down; raises CannotRunError with the reason."""
    checked = _checked(address)
    if urlsplit(checked).password is not None:
        raise CannotRunError(
            "đừng để mật khẩu trong dòng lệnh: ai cũng thấy được. Ghi vào ~/.pgpass hoặc thêm ?passfile=TỆP",
            "no password on the command line, where all can read it: ~/.pgpass, or ?passfile=FILE in the address",
        )
    folder = data / "collector"
    if (folder / _FILE).exists():
        raise CannotRunError(
            f"thư mục {data} đã có kho SQLite: dùng thư mục mới cho PostgreSQL, hoặc chuyển tệp {_FILE} đi",
            f"{data} holds a store in SQLite: take a new folder for PostgreSQL, or move {_FILE} away",
        )
    if known(data) == checked:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / (_NAME + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(checked + "\n")
    part.replace(folder / _NAME)


def shown(address: str) -> str:
    """Return an address without its password, for people and logs."""
    parts = urlsplit(address)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "password"], safe="/")
    user = f"{parts.username}@" if parts.username else ""
    place = parts.netloc.rpartition("@")[2]
    return _whole(parts._replace(netloc=user + place, query=query))


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or not parts.path.strip("/"):
        raise CannotRunError(
            f"kho là {shown(address)!r}, cần postgresql://TÊN@MÁY[:CỔNG]/CƠ_SỞ_DỮ_LIỆU",
            f"store is {shown(address)!r}, expected postgresql://USER@HOST[:PORT]/DATABASE",
        )
    return _whole(parts._replace(scheme="postgresql"))


def _whole(parts: SplitResult) -> str:
    """Return an address with both its strokes: without a host (this computer's socket) urllib leaves them out."""
    text = parts.geturl()
    return text if parts.netloc or "://" in text else text.replace(":", "://", 1)
