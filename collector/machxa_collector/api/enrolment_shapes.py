"""Say what enrolment takes and gives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.shapes import Broker, Moment

Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
Mark = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Pem = Annotated[str, Field(max_length=4096, description="a certificate request (PKCS #10, PEM) for a P-256 key")]
Secret = Annotated[str, Field(min_length=1, max_length=200)]


class Asking(BaseModel):
    """Hold what tells of the computer that asks: SMBIOS UUID, system serial, and the system's id, hashed."""

    model_config = ConfigDict(extra="forbid", strict=True)
    hostname: Text
    role: Literal["pc", "gateway"] = "pc"
    csr: Pem | None = None
    uuid: Mark | None = None
    serial: Mark | None = None
    machine_id: Mark | None = None


class EnrolRequest(Asking):
    """Hold what an agent asks with."""

    token: Secret


class PollRequest(BaseModel):
    """Hold the secret of a request that waits."""

    model_config = ConfigDict(extra="forbid", strict=True)
    secret: Secret


class RenewRequest(Asking):
    """Hold what a known agent asks with; mac is its MAC key over "renew/" and its id, a zero byte and the request."""

    agent: Annotated[str, Field(max_length=36)]
    mac: Annotated[str, Field(max_length=64)]


class RevokeRequest(BaseModel):
    """Say why an agent is revoked."""

    model_config = ConfigDict(extra="forbid", strict=True)
    reason: Literal["unspecified", "keyCompromise", "superseded", "cessationOfOperation"] = "unspecified"


class ApproveRequest(BaseModel):
    """Say what a computer that is let in is: the known one it looks like, or a new one, and where it stands."""

    model_config = ConfigDict(extra="forbid", strict=True)
    same_asset: bool = False
    unit: Annotated[str, StringConstraints(pattern=r"^([0-9]{5}|[0-9]{2}|[0-9]{2}-HCC)$")] | None = None


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PathShape(_Shape):
    """Name one way to the broker."""

    name: str
    host: str
    port: int


class EnrolledAgent(_Shape):
    """Hold what an agent is given: its id, shard (two hex digits), MAC key (base64url, 32 bytes) and certificate.

    policy_key is the public key (Ed25519, base64url) that signs policies: the agent pins the first it is told.
    """

    agent: str
    shard: str
    key: str
    certificate: str | None
    ca: str
    policy_key: str | None
    broker: Broker
    paths: list[PathShape]


class PendingRequest(_Shape):
    """Say that somebody has to decide: the agent asks again with the secret, and people compare the fingerprint."""

    request: str | None
    secret: str | None
    fingerprint: str | None
    poll_seconds: int


class AuthorityShape(_Shape):
    """Hold the certificate of the centre's authority (PEM), and its SHA-256."""

    certificate: str
    fingerprint: str


class AlikeShape(_Shape):
    """Name a known agent whose computer looks like the one that asks."""

    agent: str
    asset: str
    likeness: Literal["same_computer", "reinstalled", "cloned"]


class EnrolmentShape(_Shape):
    """Hold a request to enrol, as people see it; again: a known agent asks for a certificate after a long absence."""

    id: str
    state: Literal["pending", "approved", "refused"]
    at: Moment
    hostname: str
    role: str
    address: str
    uuid: str | None
    serial: str | None
    machine_id: str | None
    fingerprint: str | None
    alike: list[AlikeShape]
    again: bool
    agent: str | None
    decided_by: str | None
    decided_at: Moment | None


class EnrolmentList(_Shape):
    """Hold requests, newest first, 500 at most."""

    enrolments: list[EnrolmentShape]


class RevokedShape(_Shape):
    """Say that an agent is revoked."""

    agent: str
    revoked: bool
