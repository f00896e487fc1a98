"""Read the agent's configuration file, when one is given."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple
from urllib.parse import urlsplit

from machxa_wire.downward import MAX_BATCH_SECONDS, MAX_SAMPLE_SECONDS

_PORT = 1883
_TEXTS = ("data", "broker", "enrol_url", "enrol_token_file", "role", "policy_key")
_SECONDS = {"sample_seconds": (1, MAX_SAMPLE_SECONDS), "batch_seconds": (1, MAX_BATCH_SECONDS)}
_ROLES = ("pc", "gateway")


class BadConfigError(ValueError):
    """Say what in the configuration cannot be used."""


@dataclass(frozen=True)
class Config:
    """Hold the settings of one agent; None where nothing is set.

    sample_seconds and batch_seconds hold until the collector sends others.
    """

    data: Path = Path("var/agent")
    broker: Optional[str] = None
    enrol_url: Optional[str] = None
    enrol_token_file: Optional[Path] = None
    role: str = "pc"
    policy_key: Optional[str] = None
    sample_seconds: int = 60
    batch_seconds: int = 300


def read_config(path: Path) -> Config:
    """Return the configuration in a TOML file; raises BadConfigError, for an unknown key too."""
    if sys.version_info >= (3, 11):
        import tomllib  # novm  # noqa: PLC0415 - only with --config
    else:
        import tomli as tomllib  # noqa: PLC0415
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise BadConfigError(f"{path} cannot be read: {exc}") from exc
    for key, value in body.items():
        _check(path, key, value)
    role = body.get("role", "pc")
    if role not in _ROLES:
        raise BadConfigError(f"{path}: role is {role!r}, expected one of {', '.join(_ROLES)}")
    token = body.get("enrol_token_file")
    return Config(
        data=Path(body.get("data", "var/agent")),
        broker=body.get("broker"),
        enrol_url=body.get("enrol_url"),
        enrol_token_file=None if token is None else Path(token),
        role=role,
        policy_key=body.get("policy_key"),
        sample_seconds=body.get("sample_seconds", 60),
        batch_seconds=body.get("batch_seconds", max(300, body.get("sample_seconds", 60))),
    )


def _check(path: Path, key: str, value: object) -> None:
    if key in _SECONDS:
        least, most = _SECONDS[key]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadConfigError(f"{path}: {key} is {value!r}, expected {least} to {most}")
    elif key not in _TEXTS:
        raise BadConfigError(f"{path}: {key!r} is unknown, expected one of {', '.join((*_TEXTS, *_SECONDS))}")
    elif not isinstance(value, str):
        raise BadConfigError(f"{path}: {key} is {value!r}, expected a string")


def broker_of(url: str) -> Tuple[str, int]:
    """Return host and port of mqtt://HOST[:PORT]; raises BadConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORT
    except ValueError as exc:
        raise BadConfigError(f"broker is {url!r}: {exc}") from exc
    if parts.scheme != "mqtt" or not parts.hostname:
        raise BadConfigError(f"broker is {url!r}, expected mqtt://HOST:PORT")
    return parts.hostname, port
