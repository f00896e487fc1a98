"""List the systems that agents check, give their catalogue out, and take a province's own in."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from machxa_collector import data_folder
from machxa_collector.checks.catalogue import BadCatalogue, System, builtin, differences, merged, read, write
from machxa_collector.failure import CannotRunError
from machxa_collector.store import policies, systems
from machxa_collector.trust import whoami
from machxa_collector.trust.audit_trail import Say, opened
from machxa_wire.catalogue import Check


def run(options: argparse.Namespace) -> int:
    """Do one act; return the exit status."""
    try:
        store = opened(options.data)
        try:
            _ACTS[options.act](store, options.file if "file" in options else Path(), _say)
        finally:
            store.dispose()
    except CannotRunError as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 1
    return 0


def _list(store: Engine, _file: Path, say: Say) -> None:
    catalogue, installed = systems.effective(store), policies.newest(store)
    for system in catalogue.systems:
        say(_line(system))
        for check in system.checks:
            mark = (
                "" if check in installed.catalogue and check.id in installed.checks else "  (chưa ký / not signed yet)"
            )
            say(f"    {_check(check)}{mark}")
    say(f"danh mục {catalogue.version}, chính sách {installed.version} (catalogue, policy)")


def _line(system: System) -> str:
    groups, off = " ".join(system.groups), "" if system.enabled else "  (tắt / off)"
    return (
        f"{system.id:<14} {system.owner.value:<9} {system.source.value:<8} {groups:<18} {system.vi} / {system.en}{off}"
    )


def _check(check: Check) -> str:
    keyword = f" {check.keyword!r}" if check.keyword else ""
    where = f"{check.kind} {check.host}:{check.port}{check.path if check.kind in ('http', 'tsp', 'anchor') else ''}"
    return f"{check.id:<20} {where}{keyword}, {check.every_seconds} s, {check.on}"


def _export(store: Engine, file: Path, say: Say) -> None:
    catalogue = systems.effective(store)
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except OSError as exc:
        raise CannotRunError(
            f"không ghi được {file}: {exc.strerror}", f"{file} cannot be written: {exc.strerror}"
        ) from exc
    with os.fdopen(made, "w", encoding="utf-8") as out:
        out.write(write(catalogue))
    say(f"đã ghi {len(catalogue.systems)} hệ thống vào {file} (systems are in {file})")


def _import(store: Engine, file: Path, say: Say) -> None:
    try:
        base, own = builtin(), read(file.read_text(encoding="utf-8"))
        whole = merged(base, own)
    except (OSError, UnicodeDecodeError, BadCatalogue) as exc:
        raise CannotRunError(f"không dùng được {file}: {exc}", f"{file} cannot be used: {exc}") from exc
    kept = differences(base, own)
    act = whoami.act(data_folder.now_ms(), "systems.import", f"systems/{own.version}", systems=len(kept.systems))
    known = systems.keep(store, kept, act)
    if known is not None:
        raise CannotRunError(
            f"danh mục {own.version} không mới hơn {known} đang dùng: tăng version",
            f"catalogue {own.version} is not newer than {known}, which is in use: raise its version",
        )
    say(f"đã nhận danh mục {own.version}: {len(whole.checks)} phép kiểm tra; ký chính sách để máy trạm chạy:")
    say("machxa policy sign POLICY.toml --key KEY --systems FILE (taken in; agents run it once a policy is signed)")


def _say(text: str) -> None:
    print(text)


_ACTS: dict[str, Callable[[Engine, Path, Say], None]] = {"list": _list, "export": _export, "import": _import}
