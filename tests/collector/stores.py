"""Make empty stores quickly: the migrations run once in a process, and each store is a copy of what they made."""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.engine import connect, open_store
from machxa_collector.store.sealed import give_keys


def fresh_store(path: Path, seals: Keyring | None = None) -> Engine:
    """Return an open store at a path, empty but for its schema."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(blank())
    engine = connect(path)
    give_keys(engine, seals)
    return engine


@lru_cache(maxsize=1)
def blank() -> bytes:
    """Return the file of a store that holds its schema and nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="machxa-blank-"))
    try:
        open_store(folder / "machxa.db").dispose()  # the last connection puts its log into the file
        return (folder / "machxa.db").read_bytes()
    finally:
        shutil.rmtree(folder)
