"""Do what the commands say that need no running collector; loaded only when one of them runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import datetime

from machxa_collector import data_folder, initial
from machxa_collector.enrolling import console as enrolling
from machxa_collector.enrolling.place import Place as EnrollingPlace
from machxa_collector.failure import CannotRunError
from machxa_collector.importing import console
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.tokens import SIGN_IN_MS, Purpose
from machxa_collector.staffing import console as staff
from machxa_collector.store import access
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.trust import audit_trail, policy, whoami


def run(options: argparse.Namespace) -> int:
    """Run one command; return its exit status."""
    try:
        return _COMMANDS[options.command](options) or 0
    except CannotRunError as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  Đã dừng (stopped)", flush=True)
    return 0


def _token(options: argparse.Namespace) -> None:
    """Print a new token, or list or revoke those of the API."""
    if options.purpose in ("list", "revoke") or (options.purpose == "api" and options.name):
        staff.token(LiveRegistry(data_folder.open_data(options.data)), options, data_folder.now_ms(), print)
        return
    if options.purpose == "enrol":
        enrolling.token(_letting_in(options), unit=options.unit, uses=options.uses, days=options.days)
        return
    purpose = Purpose(options.purpose)
    lives = {Purpose.SIGN_IN: SIGN_IN_MS, Purpose.API: None}[purpose]
    uses = {Purpose.SIGN_IN: 1, Purpose.API: None}[purpose]
    if data_folder.is_new(options.data):
        print(f"machxa: {options.data} is a new data folder; the collector's own is named by --data", file=sys.stderr)
    store, now_ms = data_folder.open_data(options.data), data_folder.now_ms()
    act = whoami.act(now_ms, f"token.{purpose.value}")
    secret = access.add_token(store, purpose, now_ms, lives_ms=lives, uses=uses, act=act)
    print(secret)
    if purpose is Purpose.SIGN_IN:
        print(f"machxa: open /sign-in?token={secret} on the collector's pages", file=sys.stderr)


def _enrolling(options: argparse.Namespace) -> None:
    """Let computers in, or revoke agents."""
    enrolling.run(_letting_in(options), options)


def _letting_in(options: argparse.Namespace) -> EnrollingPlace:
    if data_folder.is_new(options.data):
        print(f"machxa: {options.data} is a new data folder; the collector's own is named by --data", file=sys.stderr)
    live = LiveRegistry(data_folder.open_data(options.data))
    return EnrollingPlace(live, data_folder.kept_authority(options.data), data_folder.now_ms(), print, _told)


def _told(text: str) -> None:
    print(text, file=sys.stderr)


def _user(options: argparse.Namespace) -> None:
    """Look after people."""
    live = LiveRegistry(data_folder.open_data(options.data))
    staff.user(live, options, data_folder.now_ms(), print)


def _init(options: argparse.Namespace) -> None:
    """Seed the registry of a data folder for one province."""
    now_ms = data_folder.now_ms()
    today = datetime.fromtimestamp(now_ms / 1000, LOCAL).date()
    live = LiveRegistry(data_folder.open_data(options.data))
    print("\n".join(initial.init(live, options.province, today, now_ms)))


def _import(options: argparse.Namespace) -> int:
    """Take a file into the registry of a data folder."""
    return console.take_in(LiveRegistry(data_folder.open_data(options.data)), options, data_folder.now_ms(), print)


def _export(options: argparse.Namespace) -> int:
    """Give records of a data folder out as a file."""
    return console.give_out(LiveRegistry(data_folder.open_data(options.data)), options, data_folder.now_ms(), print)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int | None]] = {
    "token": _token,
    "user": lambda options: staff.user(
        LiveRegistry(data_folder.open_data(options.data)), options, data_folder.now_ms(), print
    ),
    "init": _init,
    "import": _import,
    "export": _export,
    "audit": lambda options: audit_trail.run(options, print),
    "policy": lambda options: policy.run(options, print),
    "rollout": lambda options: policy.run(options, print),
    **dict.fromkeys(("enrol", "agent", "kit", "certificate"), _enrolling),
}
