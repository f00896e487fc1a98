"""The gateway's commands ``machxa-agent device add``, ``list``, ``remove``: what it polls, and what opens it.

A secret is typed, or comes through standard input; it never stands in the list of processes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, List, Optional

if TYPE_CHECKING:
    from machxa_agent.config import Config
    from machxa_agent.devices.entry import Secret

_MISSING = "thiếu {} (is missing); cài bằng (install with): pip install 'machxa[gateway]'"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the commands to the agent's."""
    device = commands.add_parser("device", help="name devices that the gateway polls, and what opens them")
    inner = device.add_subparsers(required=True, metavar="COMMAND")
    one = inner.add_parser("add", parents=[common], help="add a device, or what opens one; asks for the secret")
    one.add_argument("key", metavar="KEY", help="its name on the wire: letters, digits, . _ : -")
    one.add_argument("host", metavar="HOST[:PORT]", nargs="?", help="without: a device of the gateway's file")
    one.add_argument("--version", choices=("1", "2c", "3"), help="2c is tried, then 1; 3: user and two keys")
    one.add_argument("--open", action="store_true", help="no secret: the community is public")
    one.set_defaults(command=_add)
    listed = inner.add_parser("list", parents=[common], help="list devices; a secret is told as set, never shown")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(command=_list)
    removed = inner.add_parser("remove", parents=[common], help="forget a device and what opens it")
    removed.add_argument("key", metavar="KEY")
    removed.set_defaults(command=_remove)


def _add(options: argparse.Namespace, config: Config) -> int:
    """Keep a device and its secret."""
    try:
        from machxa_agent.devices.entry import entry  # noqa: PLC0415 - loaded by those who ask
        from machxa_agent.devices.safe import Kept, Safe, without  # noqa: PLC0415
        from machxa_agent.devices.sealing import CannotOpenError  # noqa: PLC0415
        from machxa_agent.snmp.commands import address  # noqa: PLC0415

        safe = Safe(config.data)
        kept = safe.read()
        before = without(kept, options.key)
        entries = before.entries if options.host else kept.entries
        if options.host:
            host, port = address(options.host)
            body = {"key": options.key, "host": host, "port": port}
            body.update({"version": options.version} if options.version else {})
            entries = (*entries, entry(body, may_loop=_may_loop(config.gateway_file)))
        elif options.open:
            return _complain("thiếu HOST (HOST is needed with --open)", 2)
        sealed = dict(before.sealed)
        if not options.open:
            sealed[options.key] = safe.seal(options.key, _typed(options.version))
        safe.write(Kept(entries, sealed))
    except ModuleNotFoundError as exc:
        return _complain(_MISSING.format(exc.name), 2)
    except (ValueError, argparse.ArgumentTypeError, CannotOpenError, OSError) as exc:
        return _complain(str(exc), 2)
    print(f"đã ghi (kept): {options.key}")
    return 0


def _list(options: argparse.Namespace, config: Config) -> int:
    """Print the devices of the file and those that were added."""
    try:
        from machxa_agent.devices.entry import merged, read_devices  # noqa: PLC0415
        from machxa_agent.devices.safe import Safe  # noqa: PLC0415
    except ModuleNotFoundError as exc:
        return _complain(_MISSING.format(exc.name), 2)
    kept = Safe(config.data).read()
    named = read_devices(config.gateway_file) if config.gateway_file else ()
    rows = [
        {"key": one.key, "host": one.host, "port": one.port, "version": one.version, "secret": one.key in kept.sealed}
        for one in merged(named, kept.entries)
    ]
    known = {row["key"] for row in rows}
    rows += [
        {"key": key, "host": None, "port": None, "version": None, "secret": True}
        for key in sorted(set(kept.sealed) - known)
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        secret = "có mật khẩu (secret set)" if row["secret"] else "public"
        print(f"{row['key']}  {row['host'] or '-'}:{row['port'] or '-'}  {row['version'] or '2c, 1'}  {secret}")
    return 0


def _remove(options: argparse.Namespace, config: Config) -> int:
    """Forget a device; 1 where there is none of that key."""
    try:
        from machxa_agent.devices.safe import Safe, without  # noqa: PLC0415
    except ModuleNotFoundError as exc:
        return _complain(_MISSING.format(exc.name), 2)
    safe = Safe(config.data)
    kept = safe.read()
    left = without(kept, options.key)
    if left == kept:
        return _complain(f"không có (there is no) {options.key!r}", 1)
    safe.write(left)
    print(f"đã xoá (forgotten): {options.key}")
    return 0


def _typed(version: Optional[str]) -> Secret:
    """Return the secret that a person types, or that comes through a pipe line by line; raises ValueError."""
    from machxa_agent.devices.safe import community, version3  # noqa: PLC0415

    if version == "3":
        user, auth, priv = _lines(["user: ", "auth key (SHA): ", "privacy key (AES-128): "])
        return version3(user, auth, priv)
    return community(_lines(["community: "])[0])


def _lines(asked: List[str]) -> List[str]:
    if sys.stdin.isatty():
        import getpass  # noqa: PLC0415

        return [getpass.getpass(one) for one in asked]
    lines = [sys.stdin.readline().rstrip("\r\n") for _ in asked]
    if not all(lines):
        raise ValueError(f"standard input has too few lines, expected {len(asked)}")
    return lines


def _may_loop(path: Optional[Path]) -> bool:
    from machxa_agent.gateway_config import read_discovery  # noqa: PLC0415

    return path is not None and read_discovery(path).may_loop


def _complain(text: str, exit_status: int) -> int:
    print(f"machxa-agent: {text}", file=sys.stderr)
    return exit_status
