"""Read a policy: what a centre may ask of its agents at most, signed offline (Ed25519, RFC 8032).

The signed text is the JSON itself, character for character, so nothing has to be written the same way twice.
Settings come from the collector every day; a policy comes from a key that is on no server.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Pattern, Tuple

from machxa_wire import fields
from machxa_wire.catalogue import Check, read_catalogue, write_catalogue
from machxa_wire.downward import MAX_BATCH_SECONDS, MAX_SAMPLE_SECONDS, MIN_SAMPLE_SECONDS
from machxa_wire.limits import MAX_SEQ, WIRE_VERSION
from machxa_wire.records import Settings
from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import deflate, inflate, to_body, to_text

MAX_TEXT = 40 * 1024  # characters of a policy: 50 checks of 370 and 500 hosts of 30, within limits.MAX_PAYLOAD_BYTES
MAX_HOSTS = 500
MAX_CHECKS = 200
CPU_SECONDS_PER_HOUR = (1, 3600)  # what an agent may cost its computer: the widest bounds there are
MEMORY_MB = (16, 4096)
MB_PER_DAY = (1, 4096)
KEY_BYTES = 32
SIGNATURE_BYTES = 64
HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(/[0-9]{1,2})?(:[0-9]{1,5})?", re.ASCII)
_PURPOSE = b"machxa policy\0"  # a signature made for anything else opens nothing here
_BASE64 = re.compile(r"[A-Za-z0-9_-]{43,86}", re.ASCII)

Bounds = Tuple[int, int]


@dataclass(frozen=True)
class Policy:
    """Bound what settings may say and name what checks may reach.

    hosts are names, names with a leading "*.", IPv4 addresses or networks, each with ":port" or for any port;
    nothing else is ever asked. checks are the checks that may run at all, catalogue what they are: one that checks
    does not name is not run. All bounds include their ends: seconds of settings, and what an agent may cost its
    computer before it steps back. next_key signs later policies, beside the
    key that signed this one; None when there is none.
    """

    version: int
    hosts: Tuple[str, ...] = ()
    checks: Tuple[str, ...] = ()
    sample_seconds: Bounds = (MIN_SAMPLE_SECONDS, MAX_SAMPLE_SECONDS)
    batch_seconds: Bounds = (MIN_SAMPLE_SECONDS, MAX_BATCH_SECONDS)
    cpu_seconds_per_hour: Bounds = CPU_SECONDS_PER_HOUR
    memory_mb: Bounds = MEMORY_MB
    mb_per_day: Bounds = MB_PER_DAY
    next_key: Optional[bytes] = None
    catalogue: Tuple[Check, ...] = ()


NO_POLICY = Policy(version=0)


@dataclass(frozen=True)
class SignedPolicy:
    """Hold a policy's text, the public key it names, and the signature over both."""

    text: str
    key: bytes
    signature: bytes

    @property
    def message(self) -> bytes:
        """Return the bytes that are signed."""
        return _PURPOSE + self.key + self.text.encode("utf-8")


def encode_policy(signed: SignedPolicy) -> bytes:
    """Return the payload of a signed policy, deflated where that is shorter."""
    return deflate(encode_policy_plain(signed))


def encode_policy_plain(signed: SignedPolicy) -> bytes:
    """Return the same as plain JSON: the file that an administrator carries and an agent keeps."""
    body: Dict[str, object] = {
        "v": WIRE_VERSION,
        "policy": signed.text,
        "key": to_base64(signed.key),
        "signature": to_base64(signed.signature),
    }
    return to_text(body)


def decode_policy(payload: bytes) -> SignedPolicy:
    """Return a signed policy, its signature not yet checked; raises Refused."""
    body = to_body(inflate(payload))
    return SignedPolicy(
        text=fields.text(body.get("policy"), "policy", MAX_TEXT),
        key=from_base64(body.get("key"), "key", KEY_BYTES),
        signature=from_base64(body.get("signature"), "signature", SIGNATURE_BYTES),
    )


def read_policy(text: str) -> Policy:
    """Return the policy in a signed text; raises Refused. A field of a later version is passed over."""
    body = to_body(text.encode("utf-8"))
    bounds = fields.mapping(body.get("bounds", {}), "bounds")
    most_sample, most_batch = MAX_SAMPLE_SECONDS, MAX_BATCH_SECONDS
    policy = Policy(
        version=fields.integer(body.get("version"), "version", 1, MAX_SEQ),
        hosts=_names(body, "hosts", MAX_HOSTS, HOST),
        checks=_names(body, "checks", MAX_CHECKS, fields.WORD),
        sample_seconds=_bounds(bounds, "sample_seconds", MIN_SAMPLE_SECONDS, most_sample),
        batch_seconds=_bounds(bounds, "batch_seconds", MIN_SAMPLE_SECONDS, most_batch),
        cpu_seconds_per_hour=_bounds(bounds, "cpu_seconds_per_hour", *CPU_SECONDS_PER_HOUR),
        memory_mb=_bounds(bounds, "memory_mb", *MEMORY_MB),
        mb_per_day=_bounds(bounds, "mb_per_day", *MB_PER_DAY),
        next_key=from_base64(body["next_key"], "next_key", KEY_BYTES) if "next_key" in body else None,
        catalogue=read_catalogue(body.get("catalogue", [])),
    )
    if policy.batch_seconds[1] < policy.sample_seconds[0]:
        raise Refused(Reason.RANGE, "bounds leave no settings: batch_seconds ends before sample_seconds begins")
    return policy


def write_policy(policy: Policy) -> str:
    """Return the text of a policy, as it is signed."""
    bounds = {"sample_seconds": list(policy.sample_seconds), "batch_seconds": list(policy.batch_seconds)}
    for name, value, widest in (
        ("cpu_seconds_per_hour", policy.cpu_seconds_per_hour, CPU_SECONDS_PER_HOUR),
        ("memory_mb", policy.memory_mb, MEMORY_MB),
        ("mb_per_day", policy.mb_per_day, MB_PER_DAY),
    ):
        if value != widest:
            bounds[name] = list(value)
    body: Dict[str, object] = {
        "v": WIRE_VERSION,
        "version": policy.version,
        "hosts": list(policy.hosts),
        "checks": list(policy.checks),
        "bounds": bounds,
    }
    if policy.catalogue:
        body["catalogue"] = list(write_catalogue(policy.catalogue))
    if policy.next_key is not None:
        body["next_key"] = to_base64(policy.next_key)
    return to_text(body).decode("utf-8")


def outside(policy: Policy, settings: Settings) -> Optional[str]:
    """Return why settings are outside a policy, None when they are within."""
    for name, value, (least, most) in (
        ("sample_seconds", settings.sample_seconds, policy.sample_seconds),
        ("batch_seconds", settings.batch_seconds, policy.batch_seconds),
    ):
        if not least <= value <= most:
            return f"{name} is {value}, policy {policy.version} allows {least} to {most}"
    return None


def within(policy: Policy, settings: Settings) -> Settings:
    """Return the settings nearest to these that a policy allows."""
    sample = _clamp(settings.sample_seconds, policy.sample_seconds)
    sample = min(sample, policy.batch_seconds[1])
    batch = max(sample, _clamp(settings.batch_seconds, policy.batch_seconds))
    return Settings(settings.version, sample, batch)


def to_base64(content: bytes) -> str:
    """Return bytes as unpadded base64url."""
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def from_base64(value: object, field: str, length: int) -> bytes:
    """Return the bytes in unpadded base64url, exactly as many as expected; raises Refused."""
    text = fields.matching(value, _BASE64, field)
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) % 4 != 1 else b""
    if len(content) != length or to_base64(content) != text:
        raise Refused(Reason.FIELD, f"{field} has {len(content)} bytes, expected {length}")
    return content


def _names(body: Mapping[str, object], field: str, most: int, pattern: Pattern[str]) -> Tuple[str, ...]:
    return tuple(fields.matching(one, pattern, field, 300) for one in fields.array(body.get(field, []), field, most))


def _bounds(body: Mapping[str, object], field: str, least: int, most: int) -> Bounds:
    if field not in body:
        return (least, most)
    pair = fields.array(body[field], field, 2)
    if len(pair) != len(("least", "most")):
        raise Refused(Reason.COUNT, f"{field} has {len(pair)} entries, expected the least and the most")
    low = fields.integer(pair[0], field, least, most)
    return (low, fields.integer(pair[1], field, low, most))


def _clamp(value: int, bounds: Bounds) -> int:
    return max(bounds[0], min(bounds[1], value))
