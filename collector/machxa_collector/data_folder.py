"""Open what a data folder holds: the store, its keys, the authority. Commands need no more of a collector."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from machxa_collector import sealkey, store_address
from machxa_collector.authority import KeptAuthority, opened
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.engine import open_store


def now_ms() -> int:
    """Return the centre's time."""
    return time.time_ns() // 1_000_000


def store_path(data: Path) -> Path:
    """Return where the SQLite store stands under a data folder, if it is no PostgreSQL."""
    return data / "collector" / "machxa.db"


def is_new(data: Path) -> bool:
    """Return whether a data folder has no store yet."""
    return store_address.known(data) is None and not store_path(data).exists()


def seal_key_path(data: Path) -> Path:
    """Return where the key that seals secrets stands under a data folder, unless it is given elsewhere."""
    return data / "collector" / sealkey.NAME


def kept_authority(data: Path) -> KeptAuthority:
    """Return the authority of a data folder, made at the first start; raises CannotRunError with the reason."""
    return opened(data, lambda: datetime.now(UTC))


def open_data(data: Path, seals: Keyring | None = None) -> Engine:
    """Return the store of a data folder; raises CannotRunError with the reason.

    seals None is for commands: the folder's own key seals, if it is there.
    """
    address, own = store_address.known(data), seal_key_path(data)
    path = store_path(data) if address is None else store_address.shown(address)
    if seals is None and own.exists():
        seals = sealkey.keyring(own)
    try:
        return open_store(address or path, seals)
    except ModuleNotFoundError as exc:
        if exc.name != "psycopg":
            raise
        raise CannotRunError("thiếu thư viện: pip install 'machxa[pg]'", "missing: pip install 'machxa[pg]'") from exc
    except OSError as exc:
        raise CannotRunError(
            f"không dùng được thư mục dữ liệu {data}: {exc.strerror}; chọn thư mục khác: --data DIR",
            f"data folder {data} cannot be used: {exc.strerror}; another one: --data DIR",
        ) from exc
    except CommandError as exc:
        raise CannotRunError(
            f"kho {path} do phiên bản mới hơn tạo ra: hãy cập nhật chương trình",
            f"store {path} was made by a newer release than this one: {exc}",
        ) from exc
    except DBAPIError as exc:
        raise CannotRunError(
            f"không mở được kho {path}: {exc.orig}", f"store {path} cannot be opened: {exc.orig}"
        ) from exc
