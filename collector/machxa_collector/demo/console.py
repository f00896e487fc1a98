"""Run a demonstration until Ctrl-C: fill its folder, start broker, collector, pages and fleet."""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from machxa_collector import broker as brokers
from machxa_collector import data_folder, logs, running, sealkey, serve, threads
from machxa_collector.api.deps import BrokerAddress
from machxa_collector.demo import choosing, folder
from machxa_collector.demo.clock import Clock
from machxa_collector.demo.costs import Costs
from machxa_collector.demo.feeding import Fleet, fleet
from machxa_collector.demo.fill import Filling, fill
from machxa_collector.demo.keys import secret_of
from machxa_collector.demo.pages import pages
from machxa_collector.demo.people import People
from machxa_collector.demo.plan import BEGINS_HOURS, HERE, Plan
from machxa_collector.failure import CannotRunError
from machxa_collector.lock import only_one
from machxa_collector.registry.masking import Masker
from machxa_collector.registry.people import NATION, Role
from machxa_collector.store import api_tokens

_HOUR_MS = 3_600_000
_NOTED_SECONDS = 5.0
_AGAIN_MS = 60_000  # what may not have been acknowledged when it ended is said again
_HOST = "127.0.0.1"


def run(options: argparse.Namespace) -> int:
    """Run until ended; return the exit status."""
    try:
        _demo(options)
    except CannotRunError as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  Đã dừng (stopped)", flush=True)
    return 0


def _demo(options: argparse.Namespace) -> None:
    masker = Masker()
    logs.set_up(masker)
    running.heed_signals()
    began = time.monotonic()
    data: Path = options.data
    known = folder.begun(data, options.speed, anew=options.anew)
    plan = choosing.plan_of(options, datetime.now(UTC)) if known is None else known.plan
    at_ms = round(plan.at.timestamp() * 1000) if known is None else known.played_ms
    with ExitStack() as stack:
        stack.enter_context(only_one(data))
        listening = stack.enter_context(closing(serve.listen(_HOST, options.port)))
        if known is None:
            folder.clear(data)
            folder.note(data, plan, None)
        secret = secret_of(data)
        begin_ms = round(plan.zero.timestamp() * 1000) - BEGINS_HOURS * _HOUR_MS if known is None else at_ms - _AGAIN_MS
        speaking = stack.enter_context(fleet(plan, secret, begin_ms, at_ms))
        _filled(data, plan, secret, at_ms, speaking, is_new=known is None)
        broker = stack.enter_context(_broker(options, data))
        clock = Clock(at_ms, plan.speed)
        place = serve.Place(data, _HOST, listening, masker=masker, now_ms=clock.now_ms)
        store = stack.enter_context(serve.running(place, broker.address, pages, broker.told))
        base = f"http://{_HOST}:{options.port}"
        if not running.answers(base):
            raise CannotRunError(f"trang web không trả lời ở {base}", f"the pages do not answer on {base}")
        speaking.go_on(broker.address, clock)
        people = People(base, _token(store), plan, clock)
        threads.start("people", people.run)
        stack.callback(people.stop)
        _tell(base, data, store, plan, broker.address, time.monotonic() - began)
        ends_ms = None if options.hours is None else at_ms + round(options.hours * _HOUR_MS)
        keeper = _Keeper(data, plan, clock, ends_ms, Costs(speaking.child.pid))
        try:
            running.watch(broker.look, keeper.look)
        finally:
            keeper.close()


def _filled(data: Path, plan: Plan, secret: bytes, at_ms: int, speaking: Fleet, *, is_new: bool) -> None:
    """Fill the folder if it is new, and take in what the fleet says of the time before."""
    seals = sealkey.keyring(data_folder.seal_key_path(data))
    store = data_folder.open_data(data, seals)
    line = _Line()
    try:
        if is_new:
            fill(
                Filling(store, seals, plan, round(plan.zero.timestamp() * 1000) - BEGINS_HOURS * _HOUR_MS, secret), line
            )
        count = speaking.past(store, lambda now: line(f"máy đo đã nói đến (the fleet has spoken until) {_clock(now)}"))
        line(f"{count} bản tin đã nhận (messages taken in)")
    finally:
        line.end()
        store.dispose()
    folder.note(data, plan, at_ms)


def _broker(options: argparse.Namespace, data: Path) -> AbstractContextManager[brokers.Running]:
    kept = data / "collector"
    if options.broker == "embedded":
        return brokers.embedded(kept)
    if options.broker == "mosquitto":
        return brokers.mosquitto(kept, lambda: data_folder.kept_authority(data))
    return brokers.mosquitto_or_embedded(kept, lambda: data_folder.kept_authority(data))


def _tell(base: str, data: Path, store: Engine, plan: Plan, broker: BrokerAddress, seconds: float) -> None:
    link = running.new_link(store)
    print(f"\n  TRÌNH DIỄN (a demonstration): {base}/   {len(plan.communes)} xã (communes), x{plan.speed:g}")
    print(f"  Đăng nhập một lần (one-time sign-in, 1 h): {base}/sign-in?token={link}")
    print(f"  Dữ liệu (data): {data.resolve()}   broker: {broker.host}:{broker.port}")
    print(f"  Sẵn sàng sau (ready after) {seconds:.0f} s; Ctrl-C để dừng (to stop)\n", flush=True)


def _token(store: Engine) -> str:
    """Return a token for what the demonstration's people do: they may do all, for a day of this computer's."""
    grant = api_tokens.TokenGrant(
        name=f"demonstration {uuid.uuid4().hex[:8]}",
        roles=frozenset({Role.ADMIN}),
        permissions=None,
        scope=NATION,
        lives_ms=24 * _HOUR_MS,
    )
    with store.begin() as connection:
        return api_tokens.add(connection, str(uuid.uuid4()), grant, "machxa demo", data_folder.now_ms())


def _clock(moment_ms: int) -> str:
    return f"{datetime.fromtimestamp(moment_ms / 1000, HERE):%d/%m %H:%M}"


class _Line:
    """Tell how far the start is, on one line that is written over where somebody looks on."""

    def __init__(self) -> None:
        self._is_seen = sys.stderr.isatty()
        self._told_at = float("-inf")

    def __call__(self, text: str) -> None:
        if self._is_seen:
            sys.stderr.write(f"\r\x1b[K  {text}")
        elif time.monotonic() - self._told_at < 2:  # noqa: PLR2004 - seconds; a log needs no more
            return
        else:
            sys.stderr.write(f"  {text}\n")
        self._told_at = time.monotonic()
        sys.stderr.flush()

    def end(self) -> None:
        """End the line."""
        if self._is_seen:
            sys.stderr.write("\n")


class _Keeper:
    """Write down how far the time has come, tell now and then what it costs, and end when it is over."""

    def __init__(self, data: Path, plan: Plan, clock: Clock, ends_ms: int | None, costs: Costs) -> None:
        self._data, self._plan, self._clock, self._ends_ms, self._costs = data, plan, clock, ends_ms, costs
        self._noted_at = time.monotonic()

    def look(self) -> None:
        """Do what is due; called every second."""
        now = time.monotonic()
        if now - self._noted_at >= _NOTED_SECONDS:
            self._noted_at = now
            folder.note(self._data, self._plan, self._clock.now_ms())
        told = self._costs.told(now)
        if told is not None:
            print(f"  {_clock(self._clock.now_ms())}  {told}", flush=True)
        if self._ends_ms is not None and self._clock.now_ms() >= self._ends_ms:
            raise KeyboardInterrupt

    def close(self) -> None:
        """Write down where it ended."""
        folder.note(self._data, self._plan, self._clock.now_ms())
