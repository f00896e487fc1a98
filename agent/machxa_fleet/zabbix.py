"""Run Debian's Zabbix server with a PostgreSQL of its own on loopback; both end with the context.

Source: Zabbix 6.0 documentation, "Database creation", and the schema that Debian's zabbix-server-pgsql brings.
"""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from machxa_fleet import postgresql

SCHEMA = Path("/usr/share/zabbix-server-pgsql")
HISTORY = "numeric, unsigned (history_uint), kept 90 days, trends on"
_NAME = "zabbix"
_END_SECONDS = 60.0
_LOWEST_PORT, _HIGHEST_PORT = 20_000, 32_767
_TRAPPER, _UNSIGNED = 2, 3  # an item's type and its kind of value
_FIRST = 900_000  # ids behind all that the package's data use
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
    server: int
    database: postgresql.Database

    def sql(self, statement: str) -> str:
        """Return what the database answers, a row a line with | between."""
        return self.database.run(["-At", "-c", statement], _NAME)

    def cpu_seconds(self) -> float:
        """Return what server and database have taken so far."""
        return postgresql.tree_seconds(self.server) + self.database.cpu_seconds()

    def stored(self) -> int:
        """Return how many values its history holds."""
        return int(self.sql("SELECT count(*) FROM history_uint"))


def missing() -> tuple[str, ...]:
    """Return the Debian packages that are not here."""
    found = {"zabbix-server-pgsql": _program() is not None and (SCHEMA / "schema.sql.gz").exists()}
    found["postgresql"] = postgresql.is_here()
    return tuple(name for name, is_there in found.items() if not is_there)


@contextmanager
def running(hosts: Sequence[str], keys: Sequence[str], triggers: int = 0) -> Iterator[Server]:
    """Run a server that knows hosts, each with trapper items of these keys and so many triggers that never fire."""
    program = _program()
    if program is None:
        raise FileNotFoundError("apt-get install zabbix-server-pgsql")
    with postgresql.running(_NAME) as database:
        _fill(database, hosts, keys, triggers)
        port = _free_port()
        server = _start_server(program, database.folder, port)
        try:
            yield Server(port, server.pid, database)
        finally:
            server.terminate()
            server.wait(_END_SECONDS)


def _start_server(program: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    told = {
        **_SERVER, "ListenPort": port, "DBHost": folder, "DBName": _NAME, "DBUser": _NAME,
        "LogFile": folder / "zabbix.log", "PidFile": folder / "zabbix.pid", "SocketDir": folder,
    }  # fmt: skip
    config = folder / "zabbix.conf"
    config.write_text("".join(f"{name}={value}\n" for name, value in told.items()))
    server = subprocess.Popen(
        [program, "-f", "-c", str(config)], stdout=(folder / "zabbix.log").open("wb"), stderr=subprocess.STDOUT
    )
    postgresql.until_it_runs(
        lambda: socket.create_connection(("127.0.0.1", port), 1.0).close(), server, folder / "zabbix.log"
    )
    return server


def _fill(database: postgresql.Database, hosts: Sequence[str], keys: Sequence[str], triggers: int) -> None:
    database.create(_NAME)
    for name in ("schema", "images", "data"):
        database.run(["-q"], _NAME, gzip.decompress((SCHEMA / f"{name}.sql.gz").read_bytes()))
    database.run(["-q", "-1"], _NAME, "\n".join(_rows(hosts, keys, triggers)).encode())


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


def _free_port() -> int:
    """Return a loopback port that nobody listens on, below 32,768: it takes none above."""
    for port in range(_LOWEST_PORT + os.getpid() % 5000, _HIGHEST_PORT):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free for Zabbix")


def _program() -> str | None:
    return shutil.which("zabbix_server") or shutil.which("zabbix_server", path="/usr/sbin")
