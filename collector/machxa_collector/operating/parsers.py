"""Say what the commands that keep a collector going take; loads nothing else."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from machxa_collector.operating.sizing import MOST_PCS, MOST_UNITS
from machxa_collector.trust.parsers import Commands

_MOST_KEPT = 1000
_ZABBIX_PORT = 10051  # IANA: zabbix-trapper
_PORTS = 65536


def add(commands: Commands, data: Path) -> None:
    """Add the commands backup, restore, doctor, size and zabbix; data is the default data folder."""
    backup = commands.add_parser("backup", help="copy the store while the collector runs: backup --to FOLDER")
    backup.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="best on another computer's disk")
    backup.add_argument("--keep", type=_kept, metavar="N", help="remove all but the newest N copies there")
    backup.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="write sealing key and authority to a file of their own",
    )
    backup.add_argument("--seal-key", type=Path, metavar="FILE", help="keys that seal secrets (default: its own)")
    restore = commands.add_parser("restore", help="put a copy back: agents send again what it lacks")
    restore.add_argument("file", type=Path, metavar="FILE", help="what backup wrote")
    restore.add_argument("--keys", type=Path, metavar="FILE", help="what backup --keys wrote, where they are lost")
    restore.add_argument("--replace", action="store_true", help="set the store that is there aside")
    restore.add_argument("--look", action="store_true", help="say what is in it, and change nothing")
    doctor = commands.add_parser("doctor", help="look at disk, store, broker, certificates, clock, gaps: what to do")
    doctor.add_argument(
        "--url", default="http://127.0.0.1:8470", metavar="URL", help="the collector's own (default %(default)s)"
    )
    doctor.add_argument("--broker-folder", type=Path, metavar="DIR", help="where a mosquitto's certificates are kept")
    doctor.add_argument("--backups", type=Path, metavar="FOLDER", help="where copies of the store are kept")
    doctor.add_argument(
        "--certificate",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a certificate to watch as well, such as nginx's; again for more",
    )
    doctor.add_argument("--json", action="store_true", help="for a program")
    size = commands.add_parser("size", help="reckon processor, memory, disk and line: size --units 124 --pcs 24")
    size.add_argument("--units", type=_counted(MOST_UNITS), required=True, metavar="N", help="communes and wards")
    size.add_argument(
        "--pcs", type=_counted(MOST_PCS), required=True, metavar="N", help="PCs of each, the gateway among"
    )
    size.add_argument("--json", action="store_true", help="for a program")
    size.set_defaults(module="machxa_collector.operating.console")
    zabbix = commands.add_parser("zabbix", help="tell a Zabbix server's trapper how units are, once: for a timer")
    zabbix.add_argument("server", type=_trapper, metavar="HOST[:PORT]", help="its trapper, port 10051")
    zabbix.add_argument(
        "--host", default="machxa", metavar="NAME", help="the host with the items there (default %(default)s)"
    )
    for one in (backup, restore, doctor, zabbix):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")
        one.set_defaults(module="machxa_collector.operating.console")


def _counted(most: int) -> Callable[[str], int]:
    def counted(text: str) -> int:
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r}, expected 1 to {most}")
        return int(text)

    return counted


def _trapper(text: str) -> tuple[str, int]:
    host, colon, port = text.partition(":")
    if not host or (colon and not (port.isdecimal() and 0 < int(port[:6]) < _PORTS)):
        raise argparse.ArgumentTypeError(f"{text!r}, expected HOST or HOST:PORT")
    return host, int(port) if colon else _ZABBIX_PORT


def _kept(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MOST_KEPT:
        raise argparse.ArgumentTypeError(f"{text!r}, expected 1 to {_MOST_KEPT}")
    return int(text)
