"""Write and read a copy: a tar file that names what is in it, by size and SHA-256, before anything else.

What is read goes where we say, never where the file says; a copy that is cut off or changed is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FORMAT = 1
MANIFEST = "machxa.json"
_MOST_MANIFEST = 64 * 1024
_MOST_MEMBERS = 16
_PIECE = 1024 * 1024
_PRIVATE = 0o600


class UnfitError(Exception):
    """Say why a copy cannot be used or made, in Vietnamese and English."""

    def __init__(self, vietnamese: str, english: str) -> None:
        """Keep both."""
        super().__init__(english)
        self.vietnamese = vietnamese


@dataclass(frozen=True, slots=True)
class Member:
    """Name one file of a copy."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Say what a copy is: "store" or "keys", when it was made (ISO 8601), by which release, and what is in it."""

    kind: str
    made_at: str
    release: str
    members: tuple[Member, ...]
    about: Mapping[str, object]


def write(
    path: Path, kind: str, files: Mapping[str, Path], about: Mapping[str, object], stamp: tuple[str, str]
) -> None:
    """Write files into a copy, wholly or not at all, readable by its owner alone; raises OSError.

    stamp is when it is made and the release that makes it.
    """
    members = [Member(name, file.stat().st_size, _digest(file)) for name, file in files.items()]
    body = {
        "format": FORMAT,
        "kind": kind,
        "made_at": stamp[0],
        "release": stamp[1],
        "about": dict(about),
        "members": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in members],
    }
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                text = json.dumps(body, ensure_ascii=False, indent=1).encode()
                _add(tar, MANIFEST, len(text), io.BytesIO(text))
                for one in members:
                    with files[one.name].open("rb") as file:
                        _add(tar, one.name, one.size, file)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync(path.parent)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """Open a copy and read its manifest; raises UnfitError, OSError."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or first.size > _MOST_MANIFEST:
                raise UnfitError("đây không phải bản sao do machxa backup tạo", "it is no copy made by machxa backup")
            yield _manifest(_content(tar, first).read(_MOST_MANIFEST)), tar
    except (tarfile.TarError, EOFError) as exc:
        raise UnfitError("tệp bị cụt hoặc không phải bản sao", f"it is cut off or no copy: {exc}") from exc


def take(opened_: tuple[Manifest, tarfile.TarFile], to: Mapping[str, Path]) -> None:
    """Write what a copy holds to the places given, checked by size and SHA-256; raises UnfitError, OSError.

    A member without a place is passed over.
    """
    manifest, tar = opened_
    for one in manifest.members:
        info = tar.next()
        if info is None or not info.isreg() or info.name != one.name or info.size != one.size:
            raise UnfitError(f"{one.name} không đúng chỗ, tệp bị cụt", f"{one.name} is not where the copy says")
        if one.name not in to:
            continue
        digest, file = hashlib.sha256(), _content(tar, info)
        with os.fdopen(os.open(to[one.name], os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as out:
            while piece := file.read(_PIECE):
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != one.sha256:
            raise UnfitError(f"{one.name} đã bị đổi sau khi sao", f"{one.name} was changed since it was copied")


def sync(folder: Path) -> None:
    """Put a folder's names on the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _add(tar: tarfile.TarFile, name: str, size: int, file: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, _PRIVATE
    tar.addfile(info, file)


def _content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(info)
    if file is None:
        raise UnfitError(f"{info.name:.60} không phải tệp", f"{info.name:.60} is no file")
    return file


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _manifest(content: bytes) -> Manifest:
    try:
        body = json.loads(content)
        if body["format"] != FORMAT:
            raise UnfitError(
                f"định dạng {body['format']!r:.20}, bản này đọc {FORMAT}",
                f"its format is {body['format']!r:.20}; this release reads {FORMAT}",
            )
        members = tuple(Member(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in body["members"])
        about = dict(body["about"])
        manifest = Manifest(str(body["kind"]), str(body["made_at"]), str(body["release"]), members, about)
    except (ValueError, KeyError, TypeError) as exc:
        raise UnfitError("không đọc được mục lục của bản sao", f"its manifest cannot be read: {exc!r:.100}") from exc
    if len(members) > _MOST_MEMBERS:
        raise UnfitError("bản sao có quá nhiều tệp", "it holds too many files")
    return manifest
