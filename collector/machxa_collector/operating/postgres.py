"""Copy a store that is in PostgreSQL with its own pg_dump, found on the PATH; putting one back is pg_restore's."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from machxa_collector import store_address
from machxa_collector.operating.archive import UnfitError

SUFFIX = ".dump"
_MOST_SAID = 300


def dump(address: str, folder: Path, now: datetime, keep: int | None = None) -> tuple[Path, tuple[Path, ...]]:
    """Copy a store into a folder; return the copy, and which older ones were removed for it.

    Raises UnfitError with the command to run where pg_dump is not installed or fails, OSError.
    """
    program = shutil.which("pg_dump")
    file = folder / f"machxa-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}"]
    if program is None:
        told = shlex.join([*command, f"--dbname={store_address.shown(address)}"])
        raise UnfitError(
            f"kho nằm trong PostgreSQL mà ở đây không có pg_dump: cài postgresql-client, hoặc chạy ở máy khác: {told}",
            f"the store is in PostgreSQL, and there is no pg_dump: install postgresql-client, or run elsewhere: {told}",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    command[-1] = f"--file={part}"
    place, environment = _apart(address)
    try:
        ran = subprocess.run(  # noqa: S603 - a program of PostgreSQL's with arguments of ours
            [program, *command[1:], place], env=environment, capture_output=True, check=False
        )
        if ran.returncode != 0:
            raise UnfitError(
                "pg_dump không sao được", f"pg_dump: {ran.stderr.decode(errors='replace').strip()[:_MOST_SAID]}"
            )
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    older = sorted(folder.glob(f"machxa-????????T??????Z{SUFFIX}"))
    removed = tuple(older[:-keep]) if keep else ()
    for one in removed:
        one.unlink()
    return file, removed


def how_to_restore(address: str, file: Path) -> UnfitError:
    """Return what to do instead of our own restore."""
    command = shlex.join(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
         f"--dbname={store_address.shown(address)}", str(file)]
    )  # fmt: skip
    return UnfitError(
        f"kho nằm trong PostgreSQL: dừng mọi máy thu thập, rồi chạy: {command}",
        f"the store is in PostgreSQL: stop every collector, then run: {command}",
    )


def _apart(address: str) -> tuple[str, dict[str, str]]:
    """Return pg_dump's word for an address without its password, which others would see, and an environment with it."""
    password = urlsplit(address).password
    more = {} if password is None else {"PGPASSWORD": unquote(password)}
    return f"--dbname={store_address.shown(address)}", {**os.environ, **more}
