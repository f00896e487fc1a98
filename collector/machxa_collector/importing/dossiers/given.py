"""Say what taking dossiers in is given: the centre, a file, how it is to be read, and how to go about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from machxa_collector.importing.dossiers.mapping import BUILT_IN, DossierMapping, read_mapping
from machxa_collector.registry.records import Told
from machxa_collector.registry.sealing import Keyring
from machxa_collector.sheets.table import Bounds
from machxa_collector.store.dossiers import mappings
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.words import Way
from machxa_collector.store.registry import LiveRegistry

Progress = Callable[[int, int], None]  # rows done, of how many
ErrorsFile = Callable[[bytes], None]

BOUNDS = Bounds(rows=2_000_000, disk_bytes=512 * 1024 * 1024)
_PART_BYTES = 1024 * 1024


class Refused(Exception):
    """Say in both languages why an act on an import cannot be done as things stand."""

    def __init__(self, vi: str, en: str) -> None:
        """Take the sentence in both languages."""
        super().__init__(en)
        self.told = Told(vi=vi, en=en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Hold what taking in needs of the centre."""

    live: LiveRegistry
    seals: Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Hold a mapping with the name and version under which it is kept; version 0: built in, or changed by hand."""

    name: str
    version: int
    mapping: DossierMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Hold a file: its bytes or place, its name, how it came, and until when it knows (ms, None: its rows say)."""

    content: bytes | Path
    name: str
    way: Way
    as_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Say what became of a file; before: the import that took the very same file in, so that nothing was done."""

    one: DossierImport
    before: DossierImport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """Say how to go about it: whether the good rows alone are wanted, and who hears how far it is.

    total: how many rows there are, as far as known. errors hears the file of errors, in parts, when there are bad rows.
    bounds: how much a file may bring.
    """

    good_only: bool = False
    progress: Progress | None = None
    total: int = 0
    errors: ErrorsFile | None = None
    bounds: Bounds = BOUNDS


def named_mapping(centre: Centre, name: str, version: int | None = None) -> Named:
    """Return a mapping of the home province, or a built-in one; raises KeyError when there is none of this name."""
    kept = mappings.one(centre.live.store, centre.live.current().home, name, version)
    if kept is not None:
        return Named(name=name, version=kept.version, mapping=read_mapping(dict(kept.body)))
    return Named(name=name, version=0, mapping=BUILT_IN[name])


def sha256_of(content: bytes | Path) -> str:
    """Return by what the same file is known again."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    found = hashlib.sha256()
    with content.open("rb") as file:
        while part := file.read(_PART_BYTES):
            found.update(part)
    return found.hexdigest()
