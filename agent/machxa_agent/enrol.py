"""Get this agent an identity from the collector, with a token.

The request runs in a child process: an HTTP client and TLS would otherwise stay in the memory of the agent for
good. The token goes through the child's standard input, never through its arguments.
"""

# ruff: noqa: PLC0415 - what only a child or a first start needs is loaded there

from __future__ import annotations

import json
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict

from machxa_agent.identity import Identity, keep

_TIMEOUT_SECONDS = 30
_ANSWER_BYTES = 65536
_CREATED = 201
_REFUSED = 403


class EnrolError(Exception):
    """Say why there is no identity yet; trying again later may help."""


@dataclass(frozen=True)
class Enrolment:
    """Say where to enrol and with which token."""

    url: str
    token: str
    role: str = "pc"


def enrol(folder: Path, asked: Enrolment) -> Identity:
    """Ask the collector for an identity and keep it in the folder; raises EnrolError and OSError."""
    if not asked.url.startswith(("http://", "https://")):
        raise EnrolError(f"{asked.url!r} is no address of a collector, expected http://HOST:PORT")
    body = {"token": asked.token, "hostname": socket.gethostname() or "unknown", "role": asked.role}
    answer = _in_child({"url": asked.url.rstrip("/") + "/api/v1/enrol", "body": body})
    status, told = answer.get("status"), answer.get("body")
    if status == _REFUSED:
        raise EnrolError(f"{asked.url} refused the token: it is unknown, spent or expired; make another")
    if status != _CREATED or not isinstance(told, dict):
        raise EnrolError(f"{asked.url} could not be asked: {answer.get('error') or f'it answered {status}'}")
    try:
        return keep(folder, dict(told, role=asked.role))
    except ValueError as exc:
        raise EnrolError(f"{asked.url} gave an identity this agent cannot use: {exc}") from exc


def _in_child(request: Dict[str, object]) -> Dict[str, object]:
    """Return what the child was answered: status and body, or error."""
    import subprocess

    command = [sys.executable, "-m", "machxa_agent.enrol"]
    try:
        child = subprocess.run(  # noqa: S603 - our own module, no argument from outside
            command,
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            timeout=2 * _TIMEOUT_SECONDS,
            check=False,
        )
        answer = json.loads(child.stdout.decode("utf-8"))
    except subprocess.TimeoutExpired:
        return {"error": "no answer in time"}
    except ValueError:
        return {"error": f"the asking process ended with status {child.returncode}"}
    return answer if isinstance(answer, dict) else {"error": "no answer"}


def _ask(request: Dict[str, object]) -> Dict[str, object]:
    """Send the request, in the child."""
    from urllib.error import HTTPError
    from urllib.request import ProxyHandler, Request, build_opener

    direct = build_opener(ProxyHandler({}))  # as its broker is: an office's proxy knows neither, least on this computer
    content = json.dumps(request["body"]).encode()
    asked = Request(str(request["url"]), content, {"Content-Type": "application/json"})  # noqa: S310 - checked above
    try:
        with direct.open(asked, timeout=_TIMEOUT_SECONDS) as reply:
            return {"status": reply.status, "body": json.loads(reply.read(_ANSWER_BYTES).decode("utf-8"))}
    except HTTPError as exc:
        return {"status": exc.code}
    except (OSError, ValueError) as exc:
        return {"error": str(exc)}


if __name__ == "__main__":
    print(json.dumps(_ask(json.loads(sys.stdin.buffer.read().decode("utf-8")))))  # noqa: T201 - the child's answer
