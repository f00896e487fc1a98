"""Read what the operator allows dossiers to come by: a folder, and hosts that may be asked. One TOML file, at start."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from machxa_collector.failure import CannotRunError
from machxa_collector.registry.learnt import learnt


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Say from where dossiers may come by themselves; folder None: from no folder. hosts: name, or name:port."""

    folder: Path | None = None
    hosts: frozenset[str] = frozenset()


@learnt
class _File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    folder: str | None = None
    hosts: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.-]+(:\d{1,5})?$")]], msgspec.Meta(max_length=100)
    ] = []


def read_ways(path: Path) -> Ways:
    """Return what a file allows; raises CannotRunError with the place that is wrong."""
    try:
        told = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as exc:
        raise CannotRunError(
            f"không đọc được {path}: {exc.strerror}", f"{path} cannot be read: {exc.strerror}"
        ) from exc
    except (ValueError, msgspec.ValidationError) as exc:
        raise CannotRunError(f"{path} sai: {exc}", f"{path} is not as expected: {exc}") from exc
    return Ways(folder=None if told.folder is None else Path(told.folder), hosts=frozenset(told.hosts))
