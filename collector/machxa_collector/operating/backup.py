"""Make a copy of a store that is in use, and put one back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from machxa_collector.lock import only_one
from machxa_collector.operating import archive
from machxa_collector.operating.archive import Manifest, UnfitError
from machxa_collector.store import copying
from machxa_collector.store.copying import Content, Progress

STORE = "machxa.db"
SUFFIX = ".mxb"
_SEAL, _CA_KEY, _CA = "seal.key", "ca.key", "ca.pem"
_WITHIN = ".machxa-"  # how the folder begins in which a copy is made
_LEFT_SECONDS = 86_400
_SLACK_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """Say what was made: the copy, its bytes, what is in it, and which older ones were removed for it."""

    file: Path
    size: int
    content: Content
    removed: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """Say what was put back, and where that which stood there before is now, None: nothing did."""

    manifest: Manifest
    content: Content
    aside: Path | None
    keys: tuple[Path, ...]


class NoRoomError(Exception):
    """Say how many bytes are wanted and how many are free."""

    def __init__(self, wanted: int, free: int) -> None:
        """Keep both."""
        super().__init__(f"{wanted} bytes wanted, {free} free")
        self.wanted, self.free = wanted, free


def make(data: Path, folder: Path, now: datetime, release: str, progress: Progress, keep: int | None = None) -> Made:
    """Copy the store of a data folder into a folder, checked before it counts; raises OSError and what it calls.

    Of the copies there all but the newest ``keep`` are removed, once the new one stands.
    """
    store = data / "collector" / STORE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder, now)
    wanted = 2 * store.stat().st_size + _SLACK_BYTES  # the store as it is, and the file around it
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise NoRoomError(wanted, free)
    with tempfile.TemporaryDirectory(prefix=_WITHIN, dir=folder) as within:
        copied = Path(within) / STORE
        copying.copy(store, copied, progress)
        content = copying.content(copied)
        file = folder / f"machxa-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
        about = {"revision": content.revision, "agents": content.agents, "newest_at": content.newest_at}
        archive.write(file, "store", {STORE: copied}, about, _stamp(now, release))
    older = sorted(folder.glob(f"machxa-????????T??????Z{SUFFIX}"))
    removed = tuple(older[:-keep]) if keep else ()
    for one in removed:
        one.unlink()
    return Made(file, file.stat().st_size, content, removed)


def _tidy(folder: Path, now: datetime) -> None:
    """Remove what copies left that were killed over a day ago: each is as large as a store, and nothing else would."""
    folders = [one for one in folder.glob(f"{_WITHIN}*") if one.is_dir() and not one.is_symlink()]
    left = [one for one in folders if all(file.name.startswith(STORE) for file in one.iterdir())]
    parts = list(folder.glob(f"machxa-????????T??????Z{SUFFIX}.part"))
    for one in (*left, *parts):
        if now.timestamp() - one.lstat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(one) if one in left else one.unlink()


def make_keys(data: Path, file: Path, now: datetime, release: str, seal_key: Path | None = None) -> None:
    """Write the sealing key and the authority's key and certificate to a file of their own; raises UnfitError, OSError.

    A file that is there is never written over: it may hold the only key of an older store.
    """
    if file.exists():
        raise UnfitError(
            f"{file} đã có; chọn tệp khác hoặc chuyển tệp đó đi",
            f"{file} is there already; name another file, or move that one away",
        )
    archive.write(file, "keys", _keys(data, seal_key), {}, _stamp(now, release))


def look(file: Path) -> Manifest:
    """Return what a copy says it is; raises UnfitError, OSError."""
    with archive.opened(file) as (manifest, _):
        return manifest


def restore(data: Path, file: Path, now: datetime, *, keys: Path | None, replace: bool) -> Restored:
    """Put a copy back into a data folder that no collector uses; raises UnfitError, CannotRunError, OSError.

    What stands there is set aside whole, never removed. Keys are written only where there are none.
    """
    with only_one(data):
        home = data / "collector"
        home.mkdir(mode=0o700, exist_ok=True)
        if (home / STORE).exists() and not replace:
            raise UnfitError(
                "ở đó đã có kho; --replace để cất kho đó sang bên", "a store is there already; --replace sets it aside"
            )
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as within:
            new = Path(within) / STORE
            with archive.opened(file) as read:
                if read[0].kind != "store":
                    raise UnfitError("đây là tệp khóa: dùng --keys", "it holds keys, no store: name it with --keys")
                archive.take(read, {STORE: new})
                manifest = read[0]
            content = _sound(new)
            written = () if keys is None else _put_keys(data, keys, Path(within))
            aside = _set_aside(home, now)
            new.replace(home / STORE)
            archive.sync(home)
    return Restored(manifest, content, aside, written)


def restore_keys(data: Path, file: Path) -> tuple[Path, ...]:
    """Put keys back where there are none, the store being elsewhere; return where. Raises as restore does."""
    with only_one(data):
        home = data / "collector"
        home.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as within:
            return _put_keys(data, file, Path(within))


def _sound(store: Path) -> Content:
    try:
        content = copying.content(store)
    except copying.UnsoundError as exc:
        raise UnfitError("kho trong bản sao bị hỏng", f"the store in it is damaged: {exc}") from exc
    if not copying.is_known(content.revision):
        raise UnfitError(
            f"bản mới hơn tạo ra (lược đồ {content.revision}): hãy cài bản đó trước",
            f"a newer release made it (schema {content.revision}): install that release first",
        )
    return content


def _set_aside(home: Path, now: datetime) -> Path | None:
    """Move a store with all that belongs to it into a folder of its own."""
    there = [one for one in (home / STORE, home / f"{STORE}-wal", home / f"{STORE}-shm") if one.exists()]
    if not there:
        return None
    aside = home / f"replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    aside.mkdir(mode=0o700)
    for one in there:
        one.replace(aside / one.name)
    return aside


def _put_keys(data: Path, file: Path, within: Path) -> tuple[Path, ...]:
    """Write keys where there are none; return where."""
    places = {name: place for name, place in _keys(data, None).items() if not place.exists()}
    with archive.opened(file) as read:
        if read[0].kind != "keys":
            raise UnfitError(f"{file.name} không có khóa", f"{file.name} holds no keys")
        archive.take(read, {name: within / name for name in places})
        found = [name for name in places if (within / name).exists()]
    for name in found:
        places[name].parent.mkdir(mode=0o700, exist_ok=True)
        (within / name).replace(places[name])
    return tuple(places[name] for name in found)


def _keys(data: Path, seal_key: Path | None) -> Mapping[str, Path]:
    home = data / "collector"
    return {_SEAL: seal_key or home / _SEAL, _CA_KEY: home / "ca" / _CA_KEY, _CA: home / "ca" / _CA}


def _stamp(now: datetime, release: str) -> tuple[str, str]:
    return now.astimezone(UTC).isoformat(timespec="seconds"), release
