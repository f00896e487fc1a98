"""Make the key that signs policies, and sign them: on a computer that is no server, needing no data folder."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from machxa_collector.checks.catalogue import BadCatalogue, read
from machxa_collector.registry.policies import BadPolicy, new_key, sign
from machxa_wire.catalogue import write_catalogue
from machxa_wire.policy import encode_policy_plain, read_policy, to_base64

PUBLIC = ".pub"


def run(options: argparse.Namespace) -> int:
    """Do one act; return the exit status."""
    try:
        _ACTS[options.act](options)
    except (OSError, BadPolicy) as exc:
        print(f"machxa: {exc}", file=sys.stderr)  # noqa: T201 - the command's answer
        return 1
    return 0


def _new_key(options: argparse.Namespace) -> None:
    pem, public = new_key(_passphrase(options.passphrase_file))
    _write(options.file, pem, 0o600)
    _write(options.file.with_name(options.file.name + PUBLIC), f"{public}\n".encode(), 0o644)
    _say(f"khóa bí mật (private key): {options.file}; giữ ngoại tuyến, không bao giờ đưa lên máy chủ (keep it offline)")
    _say(f"khóa công khai (public key): {public}")


def _sign(options: argparse.Namespace) -> None:
    try:
        body = tomllib.loads(options.policy.read_text(encoding="utf-8"))
    except ValueError as exc:
        raise BadPolicy(f"{options.policy}: {exc}") from exc
    if options.systems is not None:
        body = _with_systems(body, options.systems)
    signed = sign(body, options.key.read_bytes(), _passphrase(options.passphrase_file))
    made = options.out or options.policy.with_suffix(".signed")
    _write(made, encode_policy_plain(signed), 0o644)
    policy = read_policy(signed.text)
    _say(f"đã ký chính sách {policy.version} vào {made} (policy {policy.version} is signed in {made})")
    _say(f"khóa công khai (public key): {to_base64(signed.key)}")


def _with_systems(body: Mapping[str, object], path: Path) -> dict[str, object]:
    """Return a policy's body with the checks of a catalogue, and their hosts among its own."""
    try:
        systems = read(path.read_text(encoding="utf-8"))
    except (BadCatalogue, UnicodeDecodeError) as exc:
        raise BadPolicy(f"{path}: {exc}") from exc
    own = {name: one if isinstance(one := body.get(name, []), list) else [one] for name in ("hosts", "checks")}
    hosts = dict.fromkeys([*map(str, own["hosts"]), *systems.hosts])
    checks = dict.fromkeys([*map(str, own["checks"]), *(one.id for one in systems.checks)])
    catalogue = list(write_catalogue(systems.checks))
    return {**body, "hosts": list(hosts), "checks": list(checks), "catalogue": catalogue}


def _passphrase(path: Path | None) -> bytes | None:
    return None if path is None else path.read_bytes().rstrip(b"\r\n")


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that is not there yet: no key and no signed policy is ever written over."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(file, "wb") as out:
        out.write(content)


def _say(text: str) -> None:
    print(text)  # noqa: T201 - the command's answer


_ACTS = {"new-key": _new_key, "sign": _sign}
