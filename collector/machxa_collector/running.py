"""Run a collector until Ctrl-C: alone, or with broker and agent; loaded only for the two commands that do."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from machxa_collector import broker as brokers
from machxa_collector import children, data_folder, heartbeat, logs, outlook, outward, serve, watchdog
from machxa_collector.api.deps import BrokerAddress
from machxa_collector.authority import KeptAuthority
from machxa_collector.demo.folder import is_demonstration
from machxa_collector.failure import CannotRunError
from machxa_collector.lock import only_one
from machxa_collector.membership import Membership
from machxa_collector.pages import pages
from machxa_collector.registry.masking import Masker
from machxa_collector.registry.tokens import ENROL_MS, SIGN_IN_MS, Purpose
from machxa_collector.sinks.config import Sink
from machxa_collector.sinks.config import read as read_sinks
from machxa_collector.store import access, enrolment
from machxa_collector.trust import whoami

_START_SECONDS = 30.0
_ANSWER_SECONDS = 5.0
_LIVELY = "sample_seconds = 10\nbatch_seconds = 10\n"  # on loopback bytes cost nothing, and the page lives at once


@dataclass(frozen=True, slots=True)
class _Centre:
    """Hold a running collector: its store, its broker, and what looks after the broker."""

    store: Engine
    broker: BrokerAddress
    look: Callable[[], None]


def run(options: argparse.Namespace) -> int:
    """Run until ended; return the exit status."""
    try:
        _COMMANDS[options.command](options)
    except CannotRunError as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  Đã dừng (stopped)", flush=True)
    return 0


def _up(options: argparse.Namespace) -> None:
    """Run everything for this computer, until Ctrl-C."""
    with _collector(options) as centre:
        base = f"http://{_reached(options.host)}:{options.port}"
        if not answers(base):
            raise CannotRunError(
                f"trang web không trả lời ở {base} sau {_START_SECONDS:.0f} giây",
                f"the pages do not answer on {base} after {_START_SECONDS:.0f} s",
            )
        link = new_link(centre.store)
        agent = children.Kept(
            "this computer's agent", lambda: _start_agent(options, centre.store, base, centre.broker), time.monotonic()
        )
        print(f"\n  Mạch Xã: {base}/\n  Đăng nhập một lần (one-time sign-in, 1 h): {base}/sign-in?token={link}")
        print(f"  Dữ liệu (data): {options.data.resolve()}   broker: {centre.broker.host}:{centre.broker.port}")
        print("  Ctrl-C để dừng (to stop)\n", flush=True)
        try:
            watch(centre.look, lambda: agent.look(time.monotonic()))
        finally:
            agent.stop()


def _serve(options: argparse.Namespace) -> None:
    """Run the collector alone, until Ctrl-C."""
    sinks = () if options.sinks is None else read_sinks(options.sinks)
    with _collector(options, behind_proxy=options.behind_proxy, sinks=sinks) as centre:
        base = f"http://{_reached(options.host)}:{options.port}"
        dog = watchdog.Watchdog(watchdog.address(), lambda: answers(base, _ANSWER_SECONDS))
        if answers(base):
            dog.ready()
        watch(centre.look, lambda: dog.look(time.monotonic()))


def new_link(store: Engine) -> str:
    """Return the secret of a one-time link to sign in with."""
    now_ms = data_folder.now_ms()
    act = whoami.act(now_ms, f"token.{Purpose.SIGN_IN.value}")
    return access.add_token(store, Purpose.SIGN_IN, now_ms, lives_ms=SIGN_IN_MS, uses=1, act=act)


@contextmanager
def _collector(
    options: argparse.Namespace, *, behind_proxy: bool = False, sinks: tuple[Sink, ...] = ()
) -> Iterator[_Centre]:
    masker = Masker()
    logs.set_up(masker)
    heed_signals()
    if is_demonstration(options.data):
        raise CannotRunError(
            f"thư mục {options.data} là của bản trình diễn: chạy machxa demo, hoặc chọn --data DIR khác",
            f"folder {options.data} is a demonstration's: run machxa demo, or choose another --data DIR",
        )
    with ExitStack() as stack:
        bringing = _broker(options)
        stack.enter_context(only_one(options.data))
        member = stack.enter_context(_place_of(options))
        listening = stack.enter_context(closing(serve.listen(options.host, options.port)))
        broker = stack.enter_context(bringing)
        place = serve.Place(
            options.data, options.host, listening, options.seal_key, masker, behind_proxy, sinks, options.dossiers,
            outlook.of(getattr(options, "anchor", ())),
            heartbeat=heartbeat.checked(getattr(options, "heartbeat", None)),
            allowed=outward.Allowed(tuple(options.allow_inner), frozenset(options.allow_service)), member=member,
        )  # fmt: skip
        yield _Centre(
            stack.enter_context(serve.running(place, broker.address, pages, broker.told)), broker.address, broker.look
        )


@contextmanager
def _place_of(options: argparse.Namespace) -> Iterator[Membership | None]:
    """Take a folder's PostgreSQL for one collector alone, or a place among several where a name is given."""
    name = getattr(options, "member", None)
    if name is None:
        with data_folder.sole_collector(options.data):
            yield None
        return
    if options.broker in (None, "embedded", "mosquitto"):
        raise CannotRunError(
            "--member cần --broker mqtts://HOST:PORT: mọi máy thu thập dùng chung một broker",
            "--member needs --broker mqtts://HOST:PORT: all collectors share one broker",
        )
    yield data_folder.membership(options.data, name)


def _broker(options: argparse.Namespace) -> AbstractContextManager[brokers.Running]:
    """Return what brings the broker that was asked for; an address that cannot be used is refused at once.

    Asked for nothing, "up" takes mosquitto where it is installed, unless our agent enrolled where it was not.
    """
    folder = options.data / "collector"

    def authority() -> KeptAuthority:
        return data_folder.kept_authority(options.data)

    if options.broker not in (None, "embedded", "mosquitto"):
        own, kept = _own_broker(options), options.broker_folder
        return nullcontext(brokers.kept(kept, own, authority()) if kept else brokers.Own(own))
    if options.broker == "mosquitto":
        return brokers.mosquitto(folder, authority)
    if options.broker is None and options.command == "up" and not _has_plain_agent(options.data / "agent"):
        return brokers.mosquitto_or_embedded(folder, authority)
    return brokers.embedded(folder)


def _has_plain_agent(kept: Path) -> bool:
    try:
        broker = json.loads((kept / "agent.json").read_bytes()).get("broker")
    except (OSError, ValueError, AttributeError):
        return False  # none yet, or one that will enrol anew
    return not (isinstance(broker, dict) and broker.get("tls"))


def _own_broker(options: argparse.Namespace) -> BrokerAddress:
    ours = options.data / "collector" / "ca" / "ca.pem"
    trusted = options.broker_ca or (ours if ours.exists() else None)
    proof = brokers.Proof(options.broker_password_file, trusted, options.broker_certificate, options.broker_key)
    return brokers.told(brokers.from_url(options.broker, proof), options.agents_broker, options.agents_path)


def _start_agent(
    options: argparse.Namespace, store: Engine, base: str, broker: BrokerAddress
) -> subprocess.Popen[bytes]:
    """Start this computer's agent; the first time it enrols by the real path with a token that works once.

    It is told the broker of this run: the one it enrolled with may not be here any more.
    """
    kept = options.data / "agent"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = kept / "token"
    if (kept / "agent.json").exists():
        file.unlink(missing_ok=True)
    else:
        secret = access.add_token(
            store, Purpose.ENROL, data_folder.now_ms(), lives_ms=ENROL_MS, uses=1, note="this computer"
        )
        enrolment.scope_token(store, secret, unit=None)  # let in at once, also where the pages listen beyond loopback
        file.touch(mode=0o600)
        file.write_text(secret)
    config = kept / "agent.toml"
    config.write_text(_LIVELY, encoding="utf-8")
    command = ["-m", "machxa_agent.main", "run", "--data", str(kept), "--config", str(config), "--enrol-url", base]
    if (kept / "agent.json").exists():
        scheme = "mqtts" if broker.tls else "mqtt"
        command += ["--broker", f"{scheme}://{broker.told_host or broker.host}:{broker.told_port or broker.port}"]
    return children.start([sys.executable, *command, "--enrol-token-file", str(file)])


def watch(*looks: Callable[[], None]) -> None:
    """Look after what runs beside, every second, until Ctrl-C."""
    try:
        while True:
            time.sleep(1)
            for look in looks:
                look()
    except KeyboardInterrupt:
        print("\n  Đang dừng (stopping) ...", flush=True)


def heed_signals() -> None:
    """Let SIGTERM end us as Ctrl-C does: by KeyboardInterrupt, once."""
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, _interrupted)


def _interrupted(_signal: int, _frame: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def answers(base: str, seconds: float = _START_SECONDS) -> bool:
    """Return whether the pages answer within some time."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # an office's proxy does not know our pages
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            direct.open(f"{base}/healthz", timeout=1).close()
        except urllib.error.HTTPError:
            return True  # overloaded, perhaps; but it answers
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _reached(host: str) -> str:
    """Return the name in a URL by which this computer reaches a server that listens on a host."""
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    return f"[{name}]" if ":" in name else name


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], None]] = {"up": _up, "serve": _serve}
