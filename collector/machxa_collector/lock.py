"""Let one collector at a time use a data folder: each believes that it is the store's only writer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from machxa_collector.failure import CannotRunError


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold a data folder, made if need be, until the context or the process ends; raises CannotRunError."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        file = os.open(data / "collector.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as exc:
        raise CannotRunError(
            f"không dùng được thư mục dữ liệu {data}: {exc.strerror}; chọn thư mục khác: --data DIR",
            f"data folder {data} cannot be used: {exc.strerror}; another one: --data DIR",
        ) from exc
    try:
        try:
            _lock(file)
        except OSError as exc:
            raise CannotRunError(
                f"một máy thu thập khác đang chạy trên thư mục dữ liệu {data}: hãy dừng nó trước, hoặc --data DIR khác",
                f"another collector runs on data folder {data}: stop it first, or take another one, --data DIR",
            ) from exc
        yield
    finally:
        os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
