"""Write the shipped configuration of mosquitto into a folder: the same files, with other paths and ports."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from machxa_collector.intake.address import USER

OPENSSL = "openssl.cnf"
SHIPPED = ("mosquitto.conf", "agents.acl", "centre.acl", OPENSSL)
CERTIFICATES = ("ca.pem", "server.pem", "server.key", "revoked.pem")
PASSWORD = "centre.password"  # noqa: S105 - the file's name; the collector reads it
HASHED = "centre.passwd"  # mosquitto reads it
_FOLDERS = ("/etc/machxa/mosquitto", "/var/lib/machxa-broker")
_AGENTS = "listener 8883\n"
_CENTRE = "listener 1883 127.0.0.1\n"
_LISTENERS = "\n# Agents:"  # what stands before it holds for both
_ITERATIONS = 101  # mosquitto 2.0's own; the password is 256 random bits


@dataclass(frozen=True, slots=True)
class Listening:
    """Say where agents and where the collector reach the broker, on loopback both."""

    agents: int
    centre: int


def shipped(name: str) -> str:
    """Return a shipped file's text."""
    return (resources.files("machxa_collector.mosquitto") / name).read_text(encoding="utf-8")


def adapted(text: str, folder: Path, listening: Listening, *, as_root: bool) -> str:
    """Return the shipped mosquitto.conf for a folder and ports, on loopback; every other line stays.

    as_root adds the one line without which mosquitto, started by root, gives up root's rights before it reads
    its keys.
    """
    changes = {
        **dict.fromkeys(_FOLDERS, str(folder)),
        _AGENTS: f"listener {listening.agents} 127.0.0.1\n",
        _CENTRE: f"listener {listening.centre} 127.0.0.1\n",
    }
    if as_root:
        changes[_LISTENERS] = f"user root\n{_LISTENERS}"
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"the shipped mosquitto.conf has no {old.strip()!r} any more")
        text = text.replace(old, new)
    return text


def write(folder: Path, listening: Listening, password: str, salt: bytes) -> Path:
    """Write everything but the certificates into a folder; return the configuration's path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    texts = {name: shipped(name) for name in SHIPPED}
    texts["mosquitto.conf"] = adapted(texts["mosquitto.conf"], folder, listening, as_root=as_root)
    texts[PASSWORD] = password + "\n"
    texts[HASHED] = password_line(USER, password, salt)
    for name, text in texts.items():
        write_private(folder / name, text.encode())
    return folder / "mosquitto.conf"


def password_line(user: str, password: str, salt: bytes) -> str:
    """Return a line of mosquitto's password file: PBKDF2-SHA512, as mosquitto_passwd writes it."""
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"{user}:$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(hashed).decode()}\n"


def write_private(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file wholly or not at all, for this user alone unless mode says that its group reads it."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    new.chmod(mode)
    new.replace(path)
