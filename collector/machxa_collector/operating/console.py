"""Copy and put back a store, and say how a collector does, in Vietnamese and English; timers read the exit status."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from machxa_collector import store_address
from machxa_collector.data_folder import open_data
from machxa_collector.failure import CannotRunError
from machxa_collector.operating import backup, postgres, zabbix
from machxa_collector.operating.archive import UnfitError
from machxa_collector.operating.backup import NoRoomError
from machxa_collector.operating.looking import look
from machxa_collector.operating.rules import Finding, Level, judge
from machxa_collector.operating.sizing import size
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.store.copying import UnsoundError
from machxa_collector.store.gauges import gauges

_MB = 1_000_000
_SIGNS = {Level.OK: "[ OK ]", Level.UNKNOWN: "[ ?? ]", Level.WARN: "[CHÚ Ý]", Level.BAD: "[HỎNG]"}


def run(options: argparse.Namespace) -> int:
    """Run a command; return 0, or 1 with the reason said. Doctor: 0 well, 1 to look at, 2 broken."""
    if options.command in ("doctor", "size"):
        return {"doctor": _doctor, "size": _size}[options.command](options)
    try:
        {"backup": _backup, "restore": _restore, "zabbix": _zabbix}[options.command](options)
    except (NoRoomError, FileNotFoundError, UnfitError, UnsoundError) as exc:
        vietnamese, english = _why(exc)
        print(f"machxa: {vietnamese} ({english})", file=sys.stderr)
        return 1
    except (CannotRunError, OSError, sqlite3.Error) as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 1
    return 0


def _why(exc: NoRoomError | FileNotFoundError | UnfitError | UnsoundError) -> tuple[str, str]:
    """Return in Vietnamese and English what is in the way, and that nothing was changed."""
    if isinstance(exc, NoRoomError):
        wanted, free = exc.wanted // _MB, exc.free // _MB
        told = (f"không đủ chỗ: cần {wanted} MB, còn {free} MB", f"not enough room: {wanted} MB wanted, {free} MB free")
    elif isinstance(exc, FileNotFoundError):
        told = (f"không có {exc.filename}", f"there is no {exc.filename}; --data names the data folder")
    elif isinstance(exc, UnfitError):
        told = (exc.vietnamese, str(exc))
    else:
        told = ("kho bị hỏng, không sao được", f"the store is damaged: {exc}")
    return f"{told[0]}; chưa có gì thay đổi", f"{told[1]}; nothing was changed"


def _size(options: argparse.Namespace) -> int:
    figures = size(options.units, options.pcs)
    if options.json:
        print(json.dumps([asdict(one) for one in figures], indent=1))
        return 0
    for one in figures:
        print(f"{one.name:30} {one.amount:10,.1f} {one.unit:18} {one.reckoned}\n{'':43}[{one.source}]")
    return 0


def _zabbix(options: argparse.Namespace) -> None:
    now = int(datetime.now(UTC).timestamp())
    found = zabbix.send(options.server, options.host, list(zabbix.values_of(gauges(open_data(options.data)))), now)
    print(f"Zabbix: {found.processed} nhận, {found.failed} không có mục (taken, no such item)")


def _backup(options: argparse.Namespace) -> None:
    now, release = datetime.now(UTC), version("machxa")
    if options.keys is not None:
        backup.make_keys(options.data, options.keys, now, release, options.seal_key)
        print(f"Khóa: {options.keys} - hãy cất riêng (keys: keep them apart, they open everything)")
    if (address := store_address.known(options.data)) is not None:
        file, removed = postgres.dump(address, options.to, now, options.keep)
        print(f"{file}: {file.stat().st_size / _MB:.1f} MB (pg_dump)")
        _print_removed(removed)
        return
    made = backup.make(options.data, options.to, now, release, _progress, options.keep)
    print(
        f"{made.file}: {made.size / _MB:.1f} MB, {made.content.agents} máy (agents), "
        f"mới nhất (newest) {_moment(made.content.newest_at)}"
    )
    _print_removed(made.removed)


def _print_removed(files: Sequence[Path]) -> None:
    for one in files:
        print(f"Đã xóa (removed): {one}")


def _restore(options: argparse.Namespace) -> None:
    if (address := store_address.known(options.data)) is not None:
        if options.keys is not None:
            _print_keys(backup.restore_keys(options.data, options.keys))
        raise postgres.how_to_restore(address, options.file)
    if options.look:
        manifest = backup.look(options.file)
        print(f"{manifest.kind}: {manifest.made_at}, machxa {manifest.release}")
        for member in manifest.members:
            print(f"  {member.name}: {member.size / _MB:.1f} MB")
        return
    done = backup.restore(options.data, options.file, datetime.now(UTC), keys=options.keys, replace=options.replace)
    print(f"Đã khôi phục bản của (restored, made at) {done.manifest.made_at}: {done.content.agents} máy (agents)")
    if done.aside is not None:
        print(f"Kho cũ nằm ở (the store before is in) {done.aside}")
    _print_keys(done.keys)
    if not (options.data / "collector" / "seal.key").exists():
        print("Không có khóa niêm phong ở đây: serve --seal-key (no sealing key here: name it, or restore --keys)")
    print("Các máy sẽ gửi lại những gì bản sao thiếu, trong 24 giờ gần nhất (agents send again what it lacks, of 24 h)")


def _print_keys(places: Sequence[Path]) -> None:
    for place in places:
        print(f"Khóa (key): {place}")


def _doctor(options: argparse.Namespace) -> int:
    seen = look(
        options.data,
        options.url,
        datetime.now(UTC),
        broker_folder=options.broker_folder,
        backups=options.backups,
        shown=options.certificate,
    )
    found = judge(seen)
    if options.json:
        print(json.dumps([_body(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            print(f"{_SIGNS[one.level]}  {one.told[0]} ({one.told[1]})")
            if one.do[0]:
                print(f"      -> {one.do[0]} ({one.do[1]})")
    worst = max((one.level for one in found), default=Level.OK)
    return 2 if worst is Level.BAD else 1 if worst is Level.WARN else 0


def _body(one: Finding) -> dict[str, str]:
    told_vi, told_en = one.told
    do_vi, do_en = one.do
    level = one.level.name.lower()
    return {"name": one.name, "level": level, "vi": told_vi, "en": told_en, "do_vi": do_vi, "do_en": do_en}


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        end = "\n" if done == total else ""
        print(f"\r{100 * done // total:3d} % ({done / _MB:.0f}/{total / _MB:.0f} MB)", end=end, file=sys.stderr)


def _moment(ms: int | None) -> str:
    return "-" if ms is None else f"{datetime.fromtimestamp(ms / 1000, LOCAL):%d/%m/%Y %H:%M}"
