"""Run Debian's PostgreSQL for a bench as it comes: a folder of its own, by socket alone, ended with the context."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

_START_SECONDS = 60.0
_OPTIONS = {"listen_addresses": "", "shared_buffers": "256MB", "max_connections": "100"}
_TOLD_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Database:
    """Hold a running server, whose socket is in folder, and the one role that it knows."""

    folder: Path
    pid: int
    role: str

    def create(self, name: str) -> None:
        """Make an empty database."""
        self.run(["-c", f"CREATE DATABASE {name} TEMPLATE template0"], "postgres")

    def address(self, name: str) -> str:
        """Return a database's address as ``machxa serve --store`` takes it."""
        return f"postgresql://{self.role}@/{name}?host={self.folder}"

    def run(self, arguments: Sequence[str], name: str, text: bytes = b"") -> str:
        """Return what psql prints; raises OSError with what it complains of."""
        command = [str(_programs() / "psql"), "-X", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", self.role]
        told = subprocess.run([*command, "-d", name, *arguments], check=False, input=text, capture_output=True)
        if told.returncode:
            raise OSError(told.stderr.decode(errors="replace")[:_TOLD_CHARACTERS])
        return told.stdout.decode().strip()

    def cpu_seconds(self) -> float:
        """Return what the server has taken of processors so far."""
        return tree_seconds(self.pid)


def is_here() -> bool:
    """Return whether its programs are installed."""
    return bool(_found())


@contextmanager
def running(role: str) -> Iterator[Database]:
    """Run a server with a role that may do all; raises FileNotFoundError where it is not installed."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="mx-pg-", dir="/tmp"))  # a socket's address may have 107 bytes
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    as_owner: Mapping[str, Any] = {}
    if os.geteuid() == 0:
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    server: subprocess.Popen[bytes] | None = None
    try:
        folder.chmod(0o755)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        made = [str(programs / "initdb"), "-D", "data", "-U", role, "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **as_owner)
        options = [word for name, value in _OPTIONS.items() for word in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", "data", "-k", str(folder), *options]
        log = folder / "postgresql.log"
        with log.open("wb") as file:
            server = subprocess.Popen(command, cwd=folder, stdout=file, stderr=file, **as_owner)
        database = Database(folder, server.pid, role)
        until_it_runs(lambda: database.run(["-c", "SELECT 1"], "postgres"), server, log)
        yield database
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait(_START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def until_it_runs(look: Callable[[], object], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a look raises no OSError; raises TimeoutError with the end of the process's log."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            look()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                said = log.read_text(errors="replace")[-_TOLD_CHARACTERS:] if log.exists() else "it said nothing"
                raise TimeoutError(f"{log.stem} did not start: {said}") from None
            time.sleep(0.05)
        else:
            return


def tree_seconds(pid: int) -> float:
    """Return the processor's seconds of a process and its children, those that ended among them."""
    parent = psutil.Process(pid)
    own = parent.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in parent.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended since: its parent's next figure holds it
            spent = child.cpu_times()
            total += spent.user + spent.system
    return float(total)


def _programs() -> Path:
    found = _found()
    if not found:
        raise FileNotFoundError("apt-get install postgresql")
    return found[-1].parent


def _found() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda one: int(one.parts[4]))
