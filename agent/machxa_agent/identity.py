"""Know who this agent is: what enrolment gave, which boot this is, and that no second one uses its folder."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Tuple

from machxa_agent.paths import Route
from machxa_agent.routes import routes_in
from machxa_wire.fields import integer, text
from machxa_wire.topics import Address, parse_upward

_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_BOOT_SLACK_SECONDS = 120  # by which a boot time told by the system may move when its clock is set
_KEY_BYTES = 32
_PEM_CHARACTERS = 8192
CERTIFICATE = "agent.pem"  # key and certificate
REQUEST = "request.pem"  # key and request, until a certificate comes


class NotEnrolledError(Exception):
    """Say that this agent has no identity yet; the caller enrols it or tells how to."""


@dataclass(frozen=True)
class Encryption:
    """Hold what a connection to the broker is encrypted with: the centre's authority (PEM), and our own file.

    own holds key and certificate; it is read at each connection, since it is renewed.
    """

    ca: str
    own: Path


@dataclass(frozen=True)
class Centre:
    """Say where to renew a certificate: the collector's address; and when it begins and ends, in seconds since 1970."""

    url: str
    begins_s: int
    ends_s: int


@dataclass(frozen=True)
class Identity:
    """Hold what enrolment gave; key proves who writes. encryption is None for plain MQTT, on this computer only."""

    address: Address
    key: bytes
    broker_host: str
    broker_port: int
    role: str = "pc"
    encryption: Optional[Encryption] = None
    centre: Optional[Centre] = None
    paths: Tuple[Route, ...] = ()  # to the broker, where enrolment named any


def load(folder: Path) -> Identity:
    """Return the identity kept in a folder; raises NotEnrolledError."""
    path = folder / "agent.json"
    try:
        return identity_of(json.loads(path.read_bytes().decode("utf-8")), folder)
    except FileNotFoundError as exc:
        raise NotEnrolledError(f"{folder} holds no agent.json: machxa-agent enrol --url URL --token TOKEN") from exc
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise NotEnrolledError(f"{path} cannot be read ({exc}): enrol again") from exc


def identity_of(answer: Dict[str, object], folder: Path) -> Identity:
    """Return the identity in an enrolment's answer, its files in a folder; raises ValueError when it is none."""
    agent, shard = text(answer.get("agent"), "agent"), text(answer.get("shard"), "shard")
    address = Address(agent, shard)
    if parse_upward(address.up) is None:
        raise ValueError(f"agent is {agent!r} in shard {shard!r}, expected a lower-case UUID and two hex digits")
    broker = answer.get("broker")
    if not isinstance(broker, dict):
        raise ValueError("broker is missing")  # noqa: TRY004 - callers catch one exception for a bad answer
    key = base64.urlsafe_b64decode(text(answer.get("key"), "key") + "=")
    if len(key) != _KEY_BYTES:
        raise ValueError(f"key has {len(key)} bytes, expected {_KEY_BYTES}")
    role = answer.get("role", "pc")
    return Identity(
        address=address,
        key=key,
        broker_host=text(broker.get("host"), "broker.host"),
        broker_port=integer(broker.get("port"), "broker.port", 1, 65535),
        role=text(role, "role"),
        encryption=_encryption(answer, folder) if broker.get("tls") else None,
        centre=_centre(answer),
        paths=routes_in(answer.get("paths", [])),
    )


def _encryption(answer: Dict[str, object], folder: Path) -> Encryption:
    if answer.get("certificate") is None:
        raise ValueError("the broker wants a certificate, and none was asked for: pip install 'machxa[enrol]'")
    return Encryption(text(answer.get("ca"), "ca", _PEM_CHARACTERS), folder / CERTIFICATE)


def _centre(answer: Dict[str, object]) -> Optional[Centre]:
    """Return where and when to renew; None without a certificate, or for an identity of an older version."""
    url, begins, ends = (answer.get(name) for name in ("url", "begins", "ends"))
    if not isinstance(url, str) or not isinstance(begins, int) or not isinstance(ends, int):
        return None
    return Centre(url, begins, ends)


def keep(folder: Path, answer: Dict[str, object]) -> Identity:
    """Keep an enrolment's answer for good, readable by this user alone; raises ValueError and OSError.

    The certificate is put behind its key, in one file: the two are never of different ages.
    """
    identity = identity_of(answer, folder)
    certificate, request = answer.get("certificate"), folder / REQUEST
    if isinstance(certificate, str) and request.exists():
        key = request.read_text(encoding="ascii").partition("-----BEGIN CERTIFICATE REQUEST-----")[0]
        write_durably(folder / CERTIFICATE, (key + certificate).encode("ascii"))
    elif identity.encryption is not None and not (folder / CERTIFICATE).exists():
        raise ValueError(f"a certificate came, and {request} with its key is gone: enrol again")
    write_durably(folder / "agent.json", json.dumps(answer, indent=1).encode("utf-8"))
    if isinstance(certificate, str):
        request.unlink() if request.exists() else None
    return identity


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer for certain."""
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())


def write_durably(path: Path, content: bytes) -> None:
    """Write a file wholly or not at all, for this user alone; it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    handle = os.open(str(new), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    new.replace(path)
    if sys.platform != "win32":
        folder = os.open(str(path.parent), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True)
class Boot:
    """Hold the boot's name on the wire, and whether the system was started since the agent last ran."""

    name: str
    is_new: bool


def next_boot(folder: Path, now_s: float, up_s: float) -> Boot:
    """Return the name of this start: the system's boot and a counter of the agent's starts, kept in the folder.

    now_s is the wall clock and up_s the monotonic one, both in seconds. Where the system gives no boot id
    (Windows) two starts belong to one boot when the monotonic clock went on and the boot time that both
    clocks tell moved less than two minutes.
    """
    path = folder / "boot.json"
    kept = _kept(path)
    known, count, boot_s, last_up_s = kept
    system = _system_boot()
    if system is None:
        same = known != "" and up_s >= last_up_s and abs((now_s - up_s) - boot_s) < _BOOT_SLACK_SECONDS
        system = known if same else hashlib.sha256(b"%f %f" % (now_s, up_s)).hexdigest()[:8]
    count += 1
    body = {"system": system, "count": count, "boot_s": now_s - up_s, "up_s": up_s}
    try:
        write_durably(path, json.dumps(body).encode("ascii"))
    except OSError:
        count = time.monotonic_ns() // 1_000_000  # a full disk: still a name no other start has
    return Boot(f"{system}.{count}", is_new=system != known)


def _kept(path: Path) -> Tuple[str, int, float, float]:
    try:
        body = json.loads(path.read_bytes().decode("utf-8"))
        return str(body["system"]), int(body["count"]), float(body["boot_s"]), float(body["up_s"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", 0, 0.0, 0.0


def _system_boot() -> Optional[str]:
    try:
        content = Path(_BOOT_ID).read_bytes().strip()
    except OSError:
        return None
    return hashlib.sha256(content).hexdigest()[:8]
