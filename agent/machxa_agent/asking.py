"""Ask the collector for an identity or a certificate, in a child process that ends: ``python -m machxa_agent.asking``.

Cryptography, TLS and an HTTP client would otherwise stay in the memory of the agent for good. What to ask comes
through standard input, since it holds secrets; the answer goes to standard output, both as one JSON object.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import socket
import sys
from pathlib import Path
from typing import Dict, Optional, Tuple
from urllib.parse import urlsplit

from machxa_agent import pinned
from machxa_agent.call import Failed, Reply, Server, ask
from machxa_agent.diagnosis import Trouble, clock_words, words
from machxa_agent.diagnosis_words import Kind
from machxa_agent.facts import gather
from machxa_agent.identity import REQUEST, is_loopback
from machxa_wire import mac

Body = Dict[str, object]
_CREATED = 201
_PATHS = {"enrol": "/api/v1/enrol", "poll": "/api/v1/enrol/poll", "renew": "/api/v1/certificates/renew"}


class BadAddress(ValueError):
    """Say in Vietnamese and English why an address is not asked."""


def main() -> int:
    """Answer the one question on standard input."""
    print(json.dumps(answer(json.loads(sys.stdin.buffer.read().decode("utf-8")))))  # noqa: T201 - the child's answer
    return 0


def answer(question: Body) -> Body:
    """Return the collector's answer: status, body and the authority's certificate; or ``error`` in words."""
    try:
        server, ca = trusted(str(question["url"]), _word(question, "fingerprint"), _word(question, "ca"))
        reply = ask(server, _PATHS[str(question["do"])], _asked(question))
        return _told(reply, ca, _word(question, "fingerprint"), server)
    except Failed as exc:
        vietnamese, english = words(exc.trouble)
        return {"error": f"{vietnamese} ({english}){_without_key(exc.trouble.kind)}", "kind": exc.trouble.kind.value}
    except (BadAddress, OSError) as exc:
        return {"error": str(exc)}


def trusted(url: str, fingerprint: Optional[str], ca: Optional[str]) -> Tuple[Server, Optional[str]]:
    """Return whom to ask, and the authority's certificate (PEM) that proves it; raises BadAddress and Failed.

    Without the authority's certificate or its fingerprint only this computer is asked: there nobody stands between.
    """
    parts = urlsplit(url)
    here = is_loopback(parts.hostname or "")
    if parts.scheme == "http" and here:
        return Server(url), None
    if parts.scheme == "http":
        raise BadAddress(
            f"{url}: http chỉ dùng trên chính máy này; cần https:// và dấu vân tay của trung tâm "
            f"(plain http is for this computer only; use https:// with the centre's fingerprint)"
        )
    if parts.scheme != "https" or not parts.hostname:
        raise BadAddress(f"{url!r} không phải địa chỉ máy chủ (is no address of a collector), https://HOST[:PORT]")
    if ca is None:
        if fingerprint is None and not here:
            raise BadAddress(
                f"{url}: thiếu --ca-fingerprint hoặc --kit (the centre's fingerprint is needed: --ca-fingerprint or "
                f"--kit; it is printed with the token)"
            )
        ca = str(ask(Server(url, pinned.blind()), "/api/v1/ca").body.get("certificate"))
    _check(url, ca, fingerprint)
    try:
        return Server(url, pinned.context(ca)), ca
    except OSError as exc:
        raise BadAddress(
            f"chứng thư của trung tâm không đọc được (the centre's certificate cannot be read): {exc}"
        ) from exc


def _check(url: str, ca: str, fingerprint: Optional[str]) -> None:
    try:
        fits = fingerprint is None or pinned.is_same(pinned.fingerprint(ca), fingerprint)
    except ValueError:
        fits = False
    if not fits:
        parts = urlsplit(url)
        raise Failed(Trouble(Kind.FINGERPRINT, parts.hostname or "", parts.port or 443))


def _asked(question: Body) -> Body:
    """Return the request's body: for a new certificate with this computer's marks and a request for its key."""
    body = question["body"]
    assert isinstance(body, dict)  # noqa: S101 - our own parent wrote it
    if question["do"] == "poll":
        return body
    asked: Body = {**body, "hostname": socket.gethostname() or "unknown", **marks(gather())}
    csr = _csr(Path(str(question["folder"])))
    if csr is not None:
        asked["csr"] = csr
    if question["do"] == "renew":
        key = base64.urlsafe_b64decode(str(question["key"]))
        asked["mac"] = mac.sign(key, f"renew/{body['agent']}", (csr or "").encode("ascii"))
    return asked


def marks(facts: Body) -> Body:
    """Return what tells this computer from another: its board's UUID, its serial number, its system's id."""
    groups = (("hardware", "uuid", "uuid"), ("bios", "ssn", "serial"), ("operatingsystem", "machine_id", "machine_id"))
    found: Body = {}
    for group, key, name in groups:
        told = facts.get(group)
        value = told.get(key) if isinstance(told, dict) else None
        if isinstance(value, str):
            found[name] = value[:100]
    return found


def _csr(folder: Path) -> Optional[str]:
    """Return the certificate request, None where cryptography is not installed: a loopback broker needs none."""
    try:
        from machxa_agent import keys  # noqa: PLC0415 - the one use of cryptography
    except ModuleNotFoundError:
        return None
    return keys.request(folder / REQUEST)


def _without_key(kind: Kind) -> str:
    """Return what to install where a refusal may be for the certificate request that could not be made."""
    if kind is not Kind.DENIED or importlib.util.find_spec("cryptography") is not None:
        return ""
    return (
        "; thiếu cryptography, có thể vì vậy (cryptography is missing, which may be why): pip install 'machxa[enrol]'"
    )


def _told(reply: Reply, ca: Optional[str], fingerprint: Optional[str], server: Server) -> Body:
    """Return what the parent keeps; an authority in a plain answer is held against the fingerprint here."""
    told: Body = {"status": reply.status, "body": reply.body, "ca": ca}
    clock = clock_words(reply.ahead_s)
    if clock is not None:
        told["clock"] = f"{clock[0]} ({clock[1]})"
    if reply.status != _CREATED:
        return told
    given = reply.body.get("ca")
    if isinstance(given, str) and ca is not None:
        _check(server.url, given, pinned.fingerprint(ca))
    elif isinstance(given, str):
        _check(server.url, given, fingerprint)
    certificate = reply.body.get("certificate")
    if isinstance(certificate, str):
        from machxa_agent import keys  # noqa: PLC0415 - a certificate came, so it is there

        told["begins"], told["ends"] = keys.times(certificate)
    return told


def _word(question: Body, name: str) -> Optional[str]:
    value = question.get(name)
    return value if isinstance(value, str) else None


if __name__ == "__main__":
    sys.exit(main())
