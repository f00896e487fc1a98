"""Do what the command about channels says, and tell it in both languages; no secret is printed."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from machxa_collector import data_folder
from machxa_collector.failure import CannotRunError
from machxa_collector.notify.retry import is_dead
from machxa_collector.notify.trying import try_channel
from machxa_collector.notify.ways import sending
from machxa_collector.notify.ways.settings import BadChannel
from machxa_collector.outward import Allowed
from machxa_collector.store import channels, outbox
from machxa_collector.store.acting import acting
from machxa_collector.trust import whoami
from machxa_collector.trust.audit_trail import opened


def run(options: argparse.Namespace) -> int:
    """Do one act; return the exit status: 1 where the test did not go."""
    try:
        return _ACTS[options.act](options)
    except CannotRunError as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 1


def _list(options: argparse.Namespace) -> int:
    store = opened(options.data)
    depths, now = outbox.depths(store), data_folder.now_ms()
    known = channels.every(store)
    if not known:
        print("chưa có kênh nào: thêm ở trang /channels (no channels yet: add one on the page /channels)")
    for one in known:
        state = "tắt (off)" if not one.enabled else "gửi được (delivers)" if one.delivered_at else "chưa thử (untried)"
        if one.enabled and one.failures:
            dead = is_dead(one.failures, one.failing_since, now)
            state = f"{'không gửi được (dead)' if dead else 'đang lỗi (failing)'}: {one.error}"
        print("\t".join((one.id, one.kind, one.shown, f"{depths.get(one.id, 0)} chờ (waiting)", state)))
    store.dispose()
    return 0


def _test(options: argparse.Namespace) -> int:
    store, now = opened(options.data), data_folder.now_ms()
    seals = data_folder.command_seals(options.data, options.seal_key)
    known = channels.one(store, options.channel)
    if known is None:
        raise CannotRunError(
            f"không có kênh {options.channel!r}: xem machxa notify list", f"there is no channel {options.channel!r}"
        )
    try:
        allowed = Allowed(tuple(options.allow_inner), frozenset(options.allow_service))
        error = try_channel(store, seals, known, options.to, now, partial(sending.send, allowed=allowed))
    except BadChannel as exc:
        raise CannotRunError(f"chưa gửi được: {exc}", f"not sent: {exc}") from exc
    entry = whoami.act(now, "channel.test", f"channels/{known.id}", ok=error is None)
    with acting(store, entry):
        pass
    store.dispose()
    if error is None:
        print("bên nhận đã nhận tin thử (the other side took the test)")
        return 0
    print(f"không gửi được (not sent): {error}", file=sys.stderr)
    return 1


_ACTS = {"list": _list, "test": _test}
