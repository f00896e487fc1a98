"""Keep the keys that seal secrets in a file of their own, outside the database.

One key a line, 64 hex digits, newest first. To change keys, put a new line on top and keep the old ones below: they
open what they sealed. Under systemd the file comes from LoadCredential=, with --seal-key %d/seal.key.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from machxa_collector.failure import CannotRunError
from machxa_collector.registry.masking import Masker
from machxa_collector.registry.sealing import KEY_BYTES, Keyring, new_key

logger = logging.getLogger(__name__)

NAME = "seal.key"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST_BYTES = 4096


def keyring(path: Path) -> Keyring:
    """Return the keys of a file, made with one new key if there is none; raises CannotRunError with the reason."""
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and path.stat().st_mode & _OTHERS and os.access(path, os.W_OK):
            path.chmod(0o600)
        lines = path.read_bytes()[:_MOST_BYTES].split()
        keys = tuple(bytes.fromhex(line.decode("ascii")) for line in lines)
    except OSError as exc:
        raise CannotRunError(
            f"không đọc được khóa niêm phong {path}: {exc.strerror}",
            f"sealing key {path} cannot be used: {exc.strerror}",
        ) from exc
    except ValueError:
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise CannotRunError(
            f"khóa niêm phong {path} bị hỏng: mỗi dòng cần {2 * KEY_BYTES} chữ số hex; hãy lấy lại từ bản sao lưu",
            f"sealing key {path} is damaged: each line holds {2 * KEY_BYTES} hex digits; restore it from a backup",
        )
    return Keyring(keys)


def _make(path: Path) -> None:
    """Make a file with one new key, whole or not at all, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    file = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, new_key().hex().encode() + b"\n")
        os.fsync(file)
    finally:
        os.close(file)
    try:
        os.link(made, path)  # of two that start at once, one wins and both read its key
    except FileExistsError:
        pass
    finally:
        made.unlink()


def hide_all(values: Mapping[str, str | None], masker: Masker) -> None:
    """Keep secrets out of the log; tell which ones the keys did not open: those are None."""
    for name, value in values.items():
        if value is None:
            logger.error("secret %r was sealed with another key: set it again, or restore the key file", name)
        else:
            masker.learn(value)
