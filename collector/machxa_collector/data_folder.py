"""Open what a data folder holds: the store, its keys, the authority. Commands need no more of a collector."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from machxa_collector import sealkey, store_address
from machxa_collector.authority import KeptAuthority, opened
from machxa_collector.failure import CannotRunError
from machxa_collector.membership import Membership
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.engine import open_store
from machxa_collector.store.sole import held


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


def command_seals(data: Path, given: Path | None) -> Keyring:
    """Return the keys that a command seals and opens with; raises CannotRunError with the reason.

    given is --seal-key, None for the folder's own key. A store whose collector was given a key has none of its own:
    one made here would open nothing.
    """
    own = seal_key_path(data)
    if given is None and not own.exists() and not is_new(data):
        raise CannotRunError(
            f"không có khóa niêm phong {own}; chưa có gì thay đổi: hãy chỉ khóa mà serve dùng, --seal-key TỆP",
            f"there is no sealing key {own}; nothing was changed: name the one that serve uses, --seal-key FILE",
        )
    return sealkey.keyring(given or own)


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
    with _told(data, str(path)):
        return open_store(address or path, seals)


@contextmanager
def sole_collector(data: Path) -> Iterator[None]:
    """Hold a data folder's PostgreSQL, where it has one, until the context ends; raises CannotRunError.

    A SQLite file needs no more than its folder's lock.
    """
    address = store_address.known(data)
    if address is None:
        yield
        return
    path = store_address.shown(address)
    with ExitStack() as stack:
        with _told(data, path):
            is_free = stack.enter_context(held(address))
        if not is_free:
            raise CannotRunError(
                f"một máy thu thập khác đang chạy trên kho {path}: hãy dừng máy đó trước, hoặc chọn kho khác (--store)",
                f"another collector runs on store {path}: stop it first, or take another one (--store)",
            )
        yield


def membership(data: Path, name: str) -> Membership:
    """Return a place among several collectors on a data folder's PostgreSQL; raises CannotRunError."""
    address = store_address.known(data)
    if address is None:
        raise CannotRunError(
            "--member cần kho PostgreSQL: --store postgresql://TÊN@MÁY/CƠ_SỞ_DỮ_LIỆU",
            "--member needs a store in PostgreSQL: --store postgresql://USER@HOST/DATABASE",
        )
    with _told(data, store_address.shown(address)):
        return Membership(address, name)


@contextmanager
def _told(data: Path, path: str) -> Iterator[None]:
    """Say in a person's words why a store cannot be opened."""
    try:
        yield
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
            f"kho {path} do phiên bản mới hơn tạo ra, chưa có gì thay đổi: hãy cài phiên bản ấy, hoặc đặt lại bản sao "
            "lấy trước khi lên (machxa restore TỆP --replace)",
            f"store {path} was made by a newer release than this one, and nothing was changed: install that release, "
            "or put the copy back that was taken before (machxa restore FILE --replace)",
        ) from exc
    except DBAPIError as exc:
        raise CannotRunError(
            f"không mở được kho {path}: {exc.orig}", f"store {path} cannot be opened: {exc.orig}"
        ) from exc
