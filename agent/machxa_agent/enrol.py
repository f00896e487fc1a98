"""Get this agent an identity from the collector, with a token, and its next certificate before the last one ends."""

# ruff: noqa: PLC0415 - what only a first start or a renewal needs is loaded there

from __future__ import annotations

import base64
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional

from machxa_agent.identity import Identity, keep, write_durably

_SECONDS = 120  # for the whole question: facts that hang, names that do not resolve
_CREATED, _WAITS = 201, 202
_WAITING = "waiting.json"
_REFUSED = "denied"


class EnrolError(Exception):
    """Say why there is no identity yet; trying again later may help. clock: what is wrong with ours, if told."""


class Waiting(EnrolError):
    """Say that somebody has to approve this computer; asking again is all there is to do."""

    def __init__(self, request: str, fingerprint: str, poll_seconds: int) -> None:
        super().__init__(
            f"yêu cầu {request} chờ người quản trị duyệt, dấu vân tay {fingerprint} "
            f"(request {request} waits for an administrator; compare the fingerprint: machxa enrol list)"
        )
        self.poll_seconds = poll_seconds


@dataclass(frozen=True)
class Enrolment:
    """Say where to enrol and with which token; the centre is known by its certificate (PEM), its fingerprint, or both.

    On this computer neither is needed.
    """

    url: str
    token: str
    role: str = "pc"
    fingerprint: Optional[str] = None
    ca: Optional[str] = None


def enrol(folder: Path, asked: Enrolment) -> Identity:
    """Return an identity, kept in the folder; raises Waiting while somebody has to decide, EnrolError and OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = _waiting(folder)
    if waiting is not None and waiting.get("url") == asked.url:
        return _poll(folder, waiting)
    question: Dict[str, object] = {
        "do": "enrol",
        "url": asked.url.rstrip("/"),
        "folder": str(folder),
        "fingerprint": asked.fingerprint,
        "ca": asked.ca,
        "body": {"token": asked.token, "role": asked.role},
    }
    return _settled(folder, {"url": asked.url, "role": asked.role, "ca": asked.ca}, _asked(question))


def renew(folder: Path, identity: Identity) -> Identity:
    """Return the identity with its next certificate, kept; raises Waiting, EnrolError and OSError."""
    if identity.centre is None:
        raise EnrolError("no address to renew at: this identity has no certificate")
    url = identity.centre.url
    ca = identity.encryption.ca if identity.encryption is not None else None
    waiting = _waiting(folder)
    if waiting is not None:
        return _poll(folder, waiting)
    question: Dict[str, object] = {
        "do": "renew",
        "url": url.rstrip("/"),
        "folder": str(folder),
        "ca": ca,
        "key": base64.urlsafe_b64encode(identity.key).decode("ascii"),
        "body": {"agent": identity.address.agent, "role": identity.role},
    }
    return _settled(folder, {"url": url, "role": identity.role, "ca": ca}, _asked(question))


def _poll(folder: Path, waiting: Dict[str, object]) -> Identity:
    """Ask what was decided."""
    question = {"do": "poll", "url": str(waiting["url"]).rstrip("/"), "folder": str(folder), "ca": waiting.get("ca")}
    answer = _asked({**question, "body": {"secret": waiting["secret"]}})
    if answer.get("kind") == _REFUSED:
        (folder / _WAITING).unlink()
    elif answer.get("status") == _WAITS:
        raise Waiting(str(waiting["request"]), str(waiting["fingerprint"]), 30)
    return _settled(folder, waiting, answer)


def _settled(folder: Path, about: Dict[str, object], answer: Dict[str, object]) -> Identity:
    """Keep what an answer gives: an identity, or a request that waits."""
    status, told = answer.get("status"), answer.get("body")
    ca = answer.get("ca") or about.get("ca")
    if status == _WAITS and isinstance(told, dict):
        waiting = {**about, "ca": ca, **{name: told.get(name) for name in ("request", "secret", "fingerprint")}}
        write_durably(folder / _WAITING, json.dumps(waiting).encode("utf-8"))
        raise Waiting(str(told.get("request")), str(told.get("fingerprint")), int(told.get("poll_seconds") or 30))
    if status != _CREATED or not isinstance(told, dict):
        raise EnrolError(str(answer.get("error") or f"{about['url']} answered {status}"))
    kept = dict(told, role=about["role"], url=about["url"])
    kept.update({name: answer[name] for name in ("begins", "ends") if name in answer})
    try:
        identity = keep(folder, kept)
    except ValueError as exc:
        raise EnrolError(f"{about['url']} gave an identity this agent cannot use: {exc}") from exc
    if (folder / _WAITING).exists():
        (folder / _WAITING).unlink()
    return identity


def _waiting(folder: Path) -> Optional[Dict[str, object]]:
    try:
        body = json.loads((folder / _WAITING).read_bytes().decode("utf-8"))
    except (OSError, ValueError):
        return None
    return body if isinstance(body, dict) and {"url", "secret", "request", "fingerprint", "role"} <= set(body) else None


def _asked(question: Dict[str, object]) -> Dict[str, object]:
    """Return what a child was answered; see asking."""
    import subprocess

    try:
        child = subprocess.run(
            [sys.executable, "-m", "machxa_agent.asking"],
            input=json.dumps(question).encode(),
            stdout=subprocess.PIPE,
            timeout=_SECONDS,
            check=False,
        )
        answer = json.loads(child.stdout.decode("utf-8"))
    except subprocess.TimeoutExpired:
        return {"error": f"không có trả lời sau {_SECONDS} giây (no answer after {_SECONDS} s)"}
    except ValueError:
        return {"error": f"the asking process ended with status {child.returncode}"}
    if not isinstance(answer, dict):
        return {"error": "no answer"}
    clock = answer.get("clock")
    if isinstance(clock, str):
        print(f"machxa-agent: {clock}", file=sys.stderr)  # noqa: T201 - whoever enrols sees it, and the service's log
    return answer
