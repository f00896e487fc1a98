"""Run Debian's Zabbix server with a PostgreSQL of its own on loopback; both end with the context.

Source: Zabbix 6.0 documentation, "Database creation", and the schema that Debian's zabbix-server-pgsql brings.
"""

from __future__ import annotations

import gzip
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

SCHEMA = Path("/usr/share/zabbix-server-pgsql")
HISTORY = "numeric, unsigned (history_uint), kept 90 days, trends on"
_START_SECONDS = 60.0
_LOWEST_PORT, _HIGHEST_PORT = 20_000, 32_767
_TRAPPER, _UNSIGNED = 2, 3  # an item's type and its kind of value
_FIRST = 900_000  # ids behind all that the package's data use
_POSTGRESQL = {"listen_addresses": "", "shared_buffers": "256MB", "max_connections": "100"}
_SERVER = {
    "StartPollers": 0, "StartPollersUnreachable": 0, "StartPingers": 0, "StartHTTPPollers": 0, "StartDiscoverers": 0,
    "StartIPMIPollers": 0, "StartTrappers": 5, "StartDBSyncers": 4, "CacheSize": "256M", "HistoryCacheSize": "256M",
    "HistoryIndexCacheSize": "64M", "TrendCacheSize": "64M", "ValueCacheSize": "256M", "AllowRoot": 1,
    "ListenIP": "127.0.0.1", "LogType": "file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Server:
    """Hold a running server: its trapper's port, and what it takes of processors with its database."""

    port: int
    folder: Path
    server: int
    database: int

    def sql(self, statement: str) -> str:
        """Return what the database answers, a row a line with | between."""
        return _psql(self.folder, ["-At", "-c", statement])

    def cpu_seconds(self) -> float:
        """Return what server and database have taken so far."""
        return sum(_tree_seconds(pid) for pid in (self.server, self.database))

    def stored(self) -> int:
        """Return how many values its history holds."""
        return int(self.sql("SELECT count(*) FROM history_uint"))


def missing() -> tuple[str, ...]:
    """Return the Debian packages that are not here."""
    found = {"zabbix-server-pgsql": _program() is not None and (SCHEMA / "schema.sql.gz").exists()}
    found["postgresql"] = _postgresql() is not None
    return tuple(name for name, is_there in found.items() if not is_there)


@contextmanager
def running(hosts: Sequence[str], keys: Sequence[str], triggers: int = 0) -> Iterator[Server]:
    """Run a server that knows hosts, each with trapper items of these keys and so many triggers that never fire."""
    programs, program = _postgresql(), _program()
    if programs is None or program is None:
        raise FileNotFoundError("apt-get install zabbix-server-pgsql postgresql")
    folder = Path(tempfile.mkdtemp(prefix="mx-zbx-", dir="/tmp"))  # a socket's address may have 107 bytes
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    started: list[subprocess.Popen[bytes]] = []
    try:
        folder.chmod(0o755)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        database = _start_database(programs, folder, owner)
        started.append(database)
        _fill(folder, hosts, keys, triggers)
        port = _free_port()
        server = _start_server(program, folder, port)
        started.append(server)
        yield Server(port, folder, server.pid, database.pid)
    finally:
        for one in reversed(started):
            one.send_signal(signal.SIGQUIT if one is started[0] else signal.SIGTERM)
            one.wait(_START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _start_database(programs: Path, folder: Path, owner: pwd.struct_passwd) -> subprocess.Popen[bytes]:
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    made = [str(programs / "initdb"), "-D", "data", "-U", "zabbix", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **as_owner)  # type: ignore[call-overload]
    options = [word for name, value in _POSTGRESQL.items() for word in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", "data", "-k", str(folder), *options]
    with (folder / "postgresql.log").open("wb") as log:
        database: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload] # the account, or ours
            command, cwd=folder, stdout=log, stderr=log, **as_owner
        )
    _await(lambda: _psql(folder, ["-c", "SELECT 1"], "postgres"), database, folder / "postgresql.log")
    return database


def _start_server(program: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    told = {
        **_SERVER, "ListenPort": port, "DBHost": folder, "DBName": "zabbix", "DBUser": "zabbix",
        "LogFile": folder / "zabbix.log", "PidFile": folder / "zabbix.pid", "SocketDir": folder,
    }  # fmt: skip
    config = folder / "zabbix.conf"
    config.write_text("".join(f"{name}={value}\n" for name, value in told.items()))
    server = subprocess.Popen(
        [program, "-f", "-c", str(config)], stdout=(folder / "zabbix.log").open("wb"), stderr=subprocess.STDOUT
    )
    _await(lambda: socket.create_connection(("127.0.0.1", port), 1.0).close(), server, folder / "zabbix.log")
    return server


def _fill(folder: Path, hosts: Sequence[str], keys: Sequence[str], triggers: int) -> None:
    _psql(folder, ["-c", "CREATE DATABASE zabbix TEMPLATE template0"], "postgres")
    for name in ("schema", "images", "data"):
        _psql(folder, ["-q"], text=gzip.decompress((SCHEMA / f"{name}.sql.gz").read_bytes()))
    _psql(folder, ["-q", "-1"], text="\n".join(_rows(hosts, keys, triggers)).encode())


def _rows(hosts: Sequence[str], keys: Sequence[str], triggers: int) -> Iterator[str]:
    """Yield the statements that make hosts, items and triggers: ``last() > 2^62`` on the first items."""
    item = trigger = _FIRST
    for number, host in enumerate(hosts):
        hostid = _FIRST + number
        yield _insert("hosts", hostid=hostid, host=host, name=host, status=0)
        for place, key in enumerate(keys):
            item += 1
            its: dict[str, int | str] = {
                "hostid": hostid,
                "name": key,
                "key_": key,
                "value_type": _UNSIGNED,
                "delay": "0",
            }
            yield _insert("items", itemid=item, type=_TRAPPER, **its)
            yield _insert("item_rtdata", itemid=item)
            if place < triggers:
                trigger += 1
                never = f"{{{trigger}}}>{2**62}"
                yield _insert("triggers", triggerid=trigger, expression=never, description="t", priority=3)
                yield _insert(
                    "functions", functionid=trigger, itemid=item, triggerid=trigger, name="last", parameter="$"
                )


def _insert(table: str, **row: int | str) -> str:
    told = (str(one) if isinstance(one, int) else "'" + one.replace("'", "''") + "'" for one in row.values())
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(told)});"  # noqa: S608 - rows of ours


def _psql(folder: Path, arguments: Sequence[str], database: str = "zabbix", text: bytes = b"") -> str:
    programs = _postgresql()
    command = [str((programs or Path()) / "psql"), "-X", "-v", "ON_ERROR_STOP=1", "-h", str(folder), "-U", "zabbix"]
    told = subprocess.run([*command, "-d", database, *arguments], check=False, input=text, capture_output=True)
    if told.returncode:
        raise OSError(told.stderr.decode(errors="replace")[:300])
    return told.stdout.decode().strip()


def _await(look: object, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            look()  # type: ignore[operator] # a function without arguments
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                said = log.read_text(errors="replace")[-600:] if log.exists() else "it said nothing"
                raise TimeoutError(f"{log.stem} did not start: {said}") from None
            time.sleep(0.05)
        else:
            return


def _tree_seconds(pid: int) -> float:
    total = 0.0
    parent = psutil.Process(pid)
    for one in (parent, *parent.children(recursive=True)):
        spent = one.cpu_times()
        total += spent.user + spent.system
        if one is parent:
            total += spent.children_user + spent.children_system
    return total


def _free_port() -> int:
    """Return a loopback port that nobody listens on, below 32,768: it takes none above."""
    for port in range(_LOWEST_PORT + os.getpid() % 5000, _HIGHEST_PORT):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free for Zabbix")


def _program() -> str | None:
    return shutil.which("zabbix_server") or shutil.which("zabbix_server", path="/usr/sbin")


def _postgresql() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda one: int(one.parts[4]))
    return found[-1].parent if found else None
