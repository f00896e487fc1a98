"""Read which sinks there are from a TOML file; what it says is refused with a reason, never guessed."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from machxa_collector.failure import CannotRunError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_KEYS = frozenset({"name", "url", "org", "bucket", "token_file", "ca"})
_MOST_SINKS = 8
_MOST_BYTES = 64 * 1024
_MOST_TOKEN = 4096


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


def read(path: Path) -> tuple[Influx, ...]:
    """Return the sinks of a file: ``[[influx]]`` with name, url, org, bucket, token_file, ca; raises CannotRunError."""
    try:
        sinks = _sinks(path)
    except (OSError, ValueError) as exc:  # a wrong encoding and wrong TOML are ValueErrors
        raise CannotRunError(f"tệp {path} không dùng được: {exc}", f"{path} cannot be used: {exc}") from exc
    if sinks and importlib.util.find_spec("influxdb_client") is None:
        raise CannotRunError("thiếu thư viện: pip install 'machxa[influx]'", "missing: pip install 'machxa[influx]'")
    return sinks


def _sinks(path: Path) -> tuple[Influx, ...]:
    """Return the sinks of a file; raises OSError or ValueError with what is wrong."""
    content = path.read_bytes()
    if len(content) > _MOST_BYTES:
        raise ValueError(f"more than {_MOST_BYTES} bytes")
    body = tomllib.loads(content.decode("utf-8"))
    found = body.pop("influx", [])
    if body:
        raise ValueError(f"unknown: {', '.join(sorted(body))}; known: influx")
    if not isinstance(found, list) or len(found) > _MOST_SINKS:
        raise ValueError(f"[[influx]] up to {_MOST_SINKS} times")
    sinks = tuple(_influx(one, path.parent) for one in found)
    names = [one.name for one in sinks]
    if len(set(names)) < len(names):
        raise ValueError("two sinks of one name")
    return sinks


def _influx(said: object, folder: Path) -> Influx:
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        raise ValueError("[[influx]] holds names and texts")
    if strange := said.keys() - _KEYS:
        raise ValueError(f"unknown: {', '.join(sorted(strange))}; known: {', '.join(sorted(_KEYS))}")
    name, url = said.get("name", ""), said.get("url", "").rstrip("/")
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"name is {name!r:.60}, expected letters a-z, digits and hyphens")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(f"url of {name} is {url!r:.100}, expected http(s)://HOST[:PORT]; a token stands in token_file")
    token = ""
    if "token_file" in said:
        token = (folder / said["token_file"]).read_text(encoding="ascii").strip()
        if not token or len(token) > _MOST_TOKEN or not token.isprintable():
            raise ValueError(f"token_file of {name} holds no token")
    ca = folder / said["ca"] if "ca" in said else None
    if ca is not None and not ca.is_file():
        raise ValueError(f"ca of {name}: there is no {ca}")
    return Influx(name=name, url=url, org=said.get("org", ""), bucket=said.get("bucket", "machxa"), token=token, ca=ca)
