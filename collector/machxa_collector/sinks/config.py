"""Read which sinks there are from a TOML file; what it says is refused with a reason, never guessed."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from machxa_collector.failure import CannotRunError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_TOPIC = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
_MOST_SINKS = 8
_MOST_BYTES = 64 * 1024
_MOST_SECRET = 4096
_MOST_TOPIC = 200
_MQTT_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True, kw_only=True)
class Influx:
    """Name a server that takes the line protocol on ``/api/v2/write``: InfluxDB 2 and 3, VictoriaMetrics.

    token "" sends none; ca None trusts the system's authorities.
    """

    name: str
    url: str
    org: str = ""
    bucket: str = "machxa"
    token: str = field(default="", repr=False)
    ca: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mqtt:
    """Name a topic of a broker on which lines are published for others, such as Telegraf.

    user "" proves nothing; certificate and key are ours, None for none.
    """

    name: str
    host: str
    port: int
    topic: str = "machxa/lines"
    encrypted: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glpi:
    """Name a GLPI server's inventory endpoint; user "" proves nothing, ca None trusts the system's authorities."""

    name: str
    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None


Sink = Influx | Mqtt | Glpi


def read(path: Path) -> tuple[Sink, ...]:
    """Return the sinks of a file: ``[[influx]]``, ``[[mqtt]]`` and ``[[glpi]]``; raises CannotRunError."""
    try:
        sinks = _sinks(path)
    except (OSError, ValueError) as exc:  # a wrong encoding and wrong TOML are ValueErrors
        raise CannotRunError(f"tệp {path} không dùng được: {exc}", f"{path} cannot be used: {exc}") from exc
    if any(isinstance(one, Influx) for one in sinks) and importlib.util.find_spec("influxdb_client") is None:
        raise CannotRunError("thiếu thư viện: pip install 'machxa[influx]'", "missing: pip install 'machxa[influx]'")
    return sinks


def _sinks(path: Path) -> tuple[Sink, ...]:
    """Return the sinks of a file; raises OSError or ValueError with what is wrong."""
    content = path.read_bytes()
    if len(content) > _MOST_BYTES:
        raise ValueError(f"more than {_MOST_BYTES} bytes")
    body = tomllib.loads(content.decode("utf-8"))
    if strange := body.keys() - _READERS.keys():
        raise ValueError(f"unknown: {', '.join(sorted(strange))}; known: {', '.join(sorted(_READERS))}")
    if not all(isinstance(some, list) for some in body.values()) or sum(map(len, body.values())) > _MOST_SINKS:
        raise ValueError(f"[[influx]] and others up to {_MOST_SINKS} times together")
    sinks = tuple(_one(kind, said, path.parent) for kind, some in body.items() for said in some)
    names = [one.name for one in sinks]
    if len(set(names)) < len(names):
        raise ValueError("two sinks of one name")
    return sinks


def _one(kind: str, said: object, folder: Path) -> Sink:
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        raise ValueError(f"[[{kind}]] holds names and texts")
    if strange := said.keys() - _KEYS[kind]:
        raise ValueError(f"unknown: {', '.join(sorted(strange))}; known: {', '.join(sorted(_KEYS[kind]))}")
    if _NAME.fullmatch(said.get("name", "")) is None:
        raise ValueError(f"name is {said.get('name', '')!r:.60}, expected letters a-z, digits and hyphens")
    return _READERS[kind](said, folder)


def _influx(said: Mapping[str, str], folder: Path) -> Influx:
    url = said.get("url", "").rstrip("/")
    _address(said, ("http", "https"), "a token stands in token_file")
    return Influx(
        name=said["name"],
        url=url,
        org=said.get("org", ""),
        bucket=said.get("bucket", "machxa"),
        token=_secret(said, "token_file", folder),
        ca=_file(said, "ca", folder),
    )


def _mqtt(said: Mapping[str, str], folder: Path) -> Mqtt:
    parts = _address(said, tuple(_MQTT_PORTS), "a password stands in password_file")
    name, topic = said["name"], said.get("topic", "machxa/lines")
    if parts.path not in ("", "/"):
        raise ValueError(f"url of {name} names no topic: that stands in topic")
    if _TOPIC.fullmatch(topic) is None or len(topic) > _MOST_TOPIC or topic.startswith("mx/"):
        raise ValueError(f"topic of {name} is {topic!r:.100}, expected names with / between, not below mx/")
    ca, certificate, key = (_file(said, one, folder) for one in ("ca", "certificate", "key"))
    if (certificate is None) != (key is None):
        raise ValueError(f"certificate and key of {name} go together")
    encrypted = parts.scheme == "mqtts"
    if encrypted != (ca is not None):
        raise ValueError(f"mqtts:// and ca of {name} go together: the broker's authority is named")
    return Mqtt(
        name=name,
        host=str(parts.hostname),
        port=parts.port or _MQTT_PORTS[parts.scheme],
        topic=topic,
        encrypted=encrypted,
        user=said.get("user", ""),
        password=_secret(said, "password_file", folder),
        ca=ca,
        certificate=certificate,
        key=key,
    )


def _glpi(said: Mapping[str, str], folder: Path) -> Glpi:
    parts = _address(said, ("http", "https"), "a password stands in password_file")
    name, user, password = said["name"], said.get("user", ""), _secret(said, "password_file", folder)
    if bool(user) != bool(password):
        raise ValueError(f"user and password_file of {name} go together")
    if user and (parts.scheme == "http" or not user.isascii() or not user.isprintable() or ":" in user):
        raise ValueError(f"user of {name} is ASCII without a colon, and never sent without encryption: url needs https")
    path = parts.path or "/front/inventory.php"
    return Glpi(
        name=name,
        url=f"{parts.scheme}://{parts.netloc}{path}",
        user=user,
        password=password,
        ca=_file(said, "ca", folder),
    )


def _address(said: Mapping[str, str], schemes: tuple[str, ...], instead: str) -> SplitResult:
    url = said.get("url", "").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.query or parts.fragment:
        meant = " or ".join(f"{one}://HOST[:PORT]" for one in schemes)
        raise ValueError(f"url of {said['name']} is {url!r:.100}, expected {meant}; {instead}")
    return parts


def _secret(said: Mapping[str, str], key: str, folder: Path) -> str:
    """Return what a file of its own holds, "" where none is named."""
    if key not in said:
        return ""
    secret = (folder / said[key]).read_text(encoding="ascii").strip()
    if not secret or len(secret) > _MOST_SECRET or not secret.isprintable():
        raise ValueError(f"{key} of {said['name']} holds no {key.removesuffix('_file')}")
    return secret


def _file(said: Mapping[str, str], key: str, folder: Path) -> Path | None:
    if key not in said:
        return None
    path = folder / said[key]
    if not path.is_file():
        raise ValueError(f"{key} of {said['name']}: there is no {path}")
    return path


_READERS: Mapping[str, Callable[[Mapping[str, str], Path], Sink]] = {"influx": _influx, "mqtt": _mqtt, "glpi": _glpi}
_KEYS = {
    "influx": frozenset({"name", "url", "org", "bucket", "token_file", "ca"}),
    "glpi": frozenset({"name", "url", "user", "password_file", "ca"}),
    "mqtt": frozenset({"name", "url", "topic", "user", "password_file", "ca", "certificate", "key"}),
}
