"""Take signed policies into the collector, and watch and hold how they and settings spread."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from machxa_collector import data_folder
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.policies import BadPolicy, is_signed, public_key
from machxa_collector.registry.rollout import Kind
from machxa_collector.store import policies, rollouts
from machxa_collector.trust import whoami
from machxa_collector.trust.audit_trail import Say, opened
from machxa_wire.policy import SignedPolicy, decode_policy, read_policy, to_base64
from machxa_wire.refusal import Refused


def run(options: argparse.Namespace, say: Say) -> int:
    """Do one act; return the exit status."""
    store = opened(options.data)
    try:
        _ACTS[options.act](store, options, say)
    finally:
        store.dispose()
    return 0


def _trust(store: Engine, options: argparse.Namespace, say: Say) -> None:
    """Trust the key whose public half is in a file."""
    try:
        key = public_key(_content(options.file).decode("utf-8", "replace"))
    except BadPolicy as exc:
        raise CannotRunError(f"{options.file} không phải khóa công khai", f"{options.file}: {exc}") from exc
    policies.trust(store, key, whoami.act(data_folder.now_ms(), "policy.trust", f"policy key/{key}"))
    say(f"tin khóa {key}; các máy ghi danh từ nay biết khóa này (agents that enrol from now on know this key)")


def _install(store: Engine, options: argparse.Namespace, say: Say) -> None:
    """Install a signed policy and begin with the first ring."""
    signed, version = _signed(options.file)
    if not policies.is_trusted(store, signed):
        raise CannotRunError(
            f"chính sách ký bằng khóa chưa được tin: {to_base64(signed.key)}; machxa policy trust FILE.pub",
            f"it is signed with a key that is not trusted here: {to_base64(signed.key)}; machxa policy trust FILE.pub",
        )
    act = whoami.act(data_folder.now_ms(), "policy.install", f"policy/{version}", key=to_base64(signed.key))
    known = policies.install(store, signed, act)
    if known is not None:
        raise CannotRunError(
            f"chính sách {version} không mới hơn {known} đã cài: tăng version rồi ký lại",
            f"policy {version} is not newer than {known}, which is installed: raise its version and sign it again",
        )
    say(f"đã cài chính sách {version}, bắt đầu với 1 % số máy (policy {version} goes to 1 % of agents first)")


def _status(store: Engine, _options: argparse.Namespace, say: Say) -> None:
    known = rollouts.every(store)
    if not known:
        say("chưa có gì được triển khai (nothing was rolled out yet)")
    for one in known:
        since = datetime.fromtimestamp(one.stage_at / 1000, UTC).isoformat(timespec="seconds")
        say(f"{one.kind.value} {one.version}: {one.state.value}, {one.percent} %, {since}  {one.reason}".rstrip())


def _pause(store: Engine, options: argparse.Namespace, say: Say) -> None:
    _turned(rollouts.pause(store, Kind(options.kind), _act(options, "rollout.pause")), "tạm dừng (paused)", say)


def _resume(store: Engine, options: argparse.Namespace, say: Say) -> None:
    _turned(rollouts.resume(store, Kind(options.kind), _act(options, "rollout.resume")), "tiếp tục (resumed)", say)


def _turned(done: bool, told: str, say: Say) -> None:  # noqa: FBT001 - whether the act changed anything
    if not done:
        raise CannotRunError("không có đợt triển khai nào như vậy", "there is no such rollout: machxa rollout status")
    say(told)


def _act(options: argparse.Namespace, action: str) -> Entry:
    return whoami.act(data_folder.now_ms(), action, options.kind)


def _signed(path: Path) -> tuple[SignedPolicy, int]:
    """Return a file's policy and its version, the signature checked."""
    try:
        signed = decode_policy(_content(path))
        version = read_policy(signed.text).version
    except Refused as exc:
        raise CannotRunError(f"{path} không phải chính sách đã ký", f"{path} is no signed policy: {exc}") from exc
    if not is_signed(signed):
        raise CannotRunError(f"chữ ký trong {path} sai", f"the signature in {path} does not fit")
    return signed, version


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise CannotRunError(
            f"không đọc được {path}: {exc.strerror}", f"{path} cannot be read: {exc.strerror}"
        ) from exc


_ACTS: dict[str, Callable[[Engine, argparse.Namespace, Say], None]] = {
    "trust": _trust,
    "install": _install,
    "status": _status,
    "pause": _pause,
    "resume": _resume,
}
