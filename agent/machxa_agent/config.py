"""Read the agent's configuration file, when one is given."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import urlsplit

from machxa_agent.paths import Route
from machxa_wire.downward import MAX_BATCH_SECONDS, MAX_SAMPLE_SECONDS
from machxa_wire.policy import CPU_SECONDS_PER_HOUR, MB_PER_DAY, MEMORY_MB

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_TEXTS = (
    "data",
    "broker",
    "enrol_url",
    "enrol_token_file",
    "enrol_ca_file",
    "enrol_ca_fingerprint",
    "role",
    "policy_key",
    "gateway_file",
    "window",
    "log_file",
)
_LISTS = ("anchors", "software", "services", "programs", "certificates")
_FLAGS = ("certificate_position",)
_MOST_WORDS = 100  # of a list
_CAPS = {"cpu_seconds_per_hour": CPU_SECONDS_PER_HOUR, "memory_mb": MEMORY_MB, "mb_per_day": MB_PER_DAY}
_NUMBERS = {"sample_seconds": (1, MAX_SAMPLE_SECONDS), "batch_seconds": (1, MAX_BATCH_SECONDS), **_CAPS}
_ROLES = ("pc", "gateway")


class BadConfigError(ValueError):
    """Say what in the configuration cannot be used."""


@dataclass(frozen=True)
class Config:
    """Hold the settings of one agent; None where nothing is set.

    sample_seconds and batch_seconds hold until the collector sends others. enrol_ca_file is the certificate of the
    centre's authority, enrol_ca_fingerprint its SHA-256: one of them is needed to enrol from elsewhere. anchors are
    NAME=HOST[:PORT], reached beside the gateway; software replaces the words that a program's name has to begin with
    to be listed in the inventory. services and programs name what has to run; certificates are files of certificates
    that are signed with, of whose holders the position is told where certificate_position is true. gateway_file names
    the ranges and lines that a gateway watches. window is the folder where people's reports are dropped and what they
    may see is kept; None for one in the data folder. log_file is logged into, within a bound, None for
    standard error. caps are what the agent may cost its computer, by name, where that is not what its role may usually.
    """

    data: Path = Path("var/agent")
    broker: Optional[str] = None
    enrol_url: Optional[str] = None
    enrol_token_file: Optional[Path] = None
    enrol_ca_file: Optional[Path] = None
    enrol_ca_fingerprint: Optional[str] = None
    role: str = "pc"
    policy_key: Optional[str] = None
    gateway_file: Optional[Path] = None
    window: Optional[Path] = None
    log_file: Optional[Path] = None
    caps: Mapping[str, int] = field(default_factory=dict)
    paths: Tuple[Route, ...] = ()
    sample_seconds: int = 60
    batch_seconds: int = 300
    anchors: Tuple[str, ...] = ()
    software: Optional[Tuple[str, ...]] = None
    services: Tuple[str, ...] = ()
    programs: Tuple[str, ...] = ()
    certificates: Tuple[str, ...] = ()
    certificate_position: bool = False


def read_toml(path: Path) -> Dict[str, Any]:
    """Return a TOML file as it stands; raises BadConfigError."""
    if sys.version_info >= (3, 11):
        import tomllib  # novm  # noqa: PLC0415 - only with --config
    else:
        import tomli as tomllib  # noqa: PLC0415
    try:
        body: Dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise BadConfigError(f"{path} cannot be read: {exc}") from exc
    return body


def read_config(path: Path) -> Config:
    """Return the configuration in a TOML file; raises BadConfigError, for an unknown key too.

    Files that it names stand beside it unless their path is absolute; the data folder is where the agent is started.
    """
    body = read_toml(path)
    for key, value in body.items():
        _check(path, key, value)
    role = body.get("role", "pc")
    if role not in _ROLES:
        raise BadConfigError(f"{path}: role is {role!r}, expected one of {', '.join(_ROLES)}")
    token, authority = body.get("enrol_token_file"), body.get("enrol_ca_file")
    return Config(
        data=Path(body.get("data", "var/agent")),
        broker=body.get("broker"),
        enrol_url=body.get("enrol_url"),
        enrol_token_file=None if token is None else path.parent / token,
        enrol_ca_file=None if authority is None else path.parent / authority,
        enrol_ca_fingerprint=body.get("enrol_ca_fingerprint"),
        role=role,
        policy_key=body.get("policy_key"),
        gateway_file=path.parent / body["gateway_file"] if "gateway_file" in body else None,
        window=Path(body["window"]) if "window" in body else None,
        log_file=Path(body["log_file"]) if "log_file" in body else None,
        caps={name: body[name] for name in _CAPS if name in body},
        paths=_paths(path, body.get("path", [])),
        sample_seconds=body.get("sample_seconds", 60),
        batch_seconds=body.get("batch_seconds", max(300, body.get("sample_seconds", 60))),
        anchors=tuple(body.get("anchors", ())),
        software=None if "software" not in body else tuple(body["software"]),
        services=tuple(body.get("services", ())),
        programs=tuple(body.get("programs", ())),
        certificates=tuple(body.get("certificates", ())),
        certificate_position=body.get("certificate_position", False),
    )


def _paths(path: Path, told: object) -> Tuple[Route, ...]:
    from machxa_agent.routes import routes_in  # noqa: PLC0415 - only with --config

    try:
        return routes_in(told)
    except ValueError as exc:
        raise BadConfigError(f"{path}: {exc}") from exc


def _check(path: Path, key: str, value: object) -> None:
    if key == "path":
        return
    if key in _NUMBERS:
        least, most = _NUMBERS[key]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadConfigError(f"{path}: {key} is {value!r}, expected {least} to {most}")
    elif key in _LISTS:
        if not isinstance(value, list) or len(value) > _MOST_WORDS or not all(isinstance(one, str) for one in value):
            raise BadConfigError(f"{path}: {key} is {value!r}, expected a list of at most {_MOST_WORDS} strings")
    elif key in _FLAGS:
        if not isinstance(value, bool):
            raise BadConfigError(f"{path}: {key} is {value!r}, expected true or false")
    elif key not in _TEXTS:
        known = ", ".join((*_TEXTS, *_NUMBERS, *_LISTS, *_FLAGS))
        raise BadConfigError(f"{path}: {key!r} is unknown, expected one of {known}")
    elif not isinstance(value, str):
        raise BadConfigError(f"{path}: {key} is {value!r}, expected a string")


class Broker(NamedTuple):
    """Say where a broker listens, and whether it is reached over TLS."""

    host: str
    port: int
    tls: bool = False


def broker_of(url: str) -> Broker:
    """Return the broker of mqtts://HOST[:PORT], or of mqtt://HOST[:PORT]; raises BadConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as exc:
        raise BadConfigError(f"broker is {url!r}: {exc}") from exc
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadConfigError(f"broker is {url!r}, expected mqtts://HOST:PORT")
    return Broker(parts.hostname, port, parts.scheme == "mqtts")
