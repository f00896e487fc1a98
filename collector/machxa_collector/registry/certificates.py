"""Issue, revoke and tell apart certificates: the centre's own authority. Pure; only serial numbers and keys are random.

X.509 as RFC 5280 has it, in the narrowest profile that mosquitto, nginx and OpenSSL take: P-256 keys, one
level, everything a requester says of itself beyond its public key is ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 20 * 365
CLIENT_DAYS = 90
MOST_REQUEST_BYTES = 4096  # a P-256 request has under 600
_MOST_NAME = 64  # ub-common-name, RFC 5280
_BEFORE = timedelta(days=1)  # by which clocks that check the beginning may be slow


class BadRequest(ValueError):
    """Say why a certificate request is not signed."""


class Reason(Enum):
    """Say why a certificate was revoked; values are RFC 5280's (5.3.1), as cryptography names them."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    SUPERSEDED = "superseded"
    CESSATION = "cessationOfOperation"


@dataclass(frozen=True, slots=True)
class Authority:
    """Hold the authority's private key and its own certificate, PEM both."""

    key_pem: bytes
    certificate_pem: bytes


@dataclass(frozen=True, slots=True)
class Revoked:
    """Hold one revoked certificate: its serial number, since when, and why."""

    serial: int
    at: datetime
    reason: Reason = Reason.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class Described:
    """Hold what a certificate says: serial number, common name and days of validity."""

    serial: int
    name: str
    not_before: datetime
    not_after: datetime


def new_authority(name: str, now: datetime) -> Authority:
    """Return a new authority of 20 years; its certificate may sign agents' and servers' alone, no second level."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(name)
    usage = _usage(signs=True)
    built = (
        _builder(subject, key.public_key(), now, timedelta(days=AUTHORITY_DAYS))
        .issuer_name(subject)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(_private(key), built.public_bytes(Encoding.PEM))


def checked_request(csr_pem: bytes) -> ec.EllipticCurvePublicKey:
    """Return the public key a request asks a certificate for; raises BadRequest.

    The requester proves with the request's signature that it holds the private key (RFC 2986).
    """
    if len(csr_pem) > MOST_REQUEST_BYTES:
        raise BadRequest(f"the request has {len(csr_pem)} bytes, expected at most {MOST_REQUEST_BYTES}")
    try:
        request = x509.load_pem_x509_csr(csr_pem)
        key = request.public_key()
        is_signed = request.is_signature_valid
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as exc:
        raise BadRequest("no certificate request in PEM (PKCS #10)") from exc
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadRequest("the request's key is none of EC P-256")
    if not is_signed:
        raise BadRequest("the request is not signed by its own key")
    return key


def request_fingerprint(csr_pem: bytes) -> str:
    """Return the SHA-256 of a request's public key, colon hex: both ends can show it. Raises BadRequest."""
    return key_fingerprint(checked_request(csr_pem))


def key_fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    """Return the SHA-256 of a public key (SubjectPublicKeyInfo, DER), colon hex."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return _colons(digest.finalize())


def issue_client(authority: Authority, csr_pem: bytes, agent: str, now: datetime, days: float = CLIENT_DAYS) -> bytes:
    """Return a client's certificate (PEM) whose common name is the agent's id; raises BadRequest."""
    return _issued(authority, checked_request(csr_pem), agent, (now, days), (ExtendedKeyUsageOID.CLIENT_AUTH, None))


def new_client(authority: Authority, name: str, now: datetime, days: float) -> tuple[bytes, bytes]:
    """Return a new key and client certificate (PEM) for a part of the centre, such as its intake."""
    key = ec.generate_private_key(ec.SECP256R1())
    issued = _issued(authority, key.public_key(), name, (now, days), (ExtendedKeyUsageOID.CLIENT_AUTH, None))
    return _private(key), issued


def issue_server(authority: Authority, hosts: Sequence[str], now: datetime, days: float) -> tuple[bytes, bytes]:
    """Return a new server's key and certificate (PEM); hosts are DNS names and IP addresses, the first its name.

    Raises BadRequest without hosts or for a name that cannot stand in a certificate.
    """
    if not hosts:
        raise BadRequest("a server's certificate needs at least one host name or address")
    key = ec.generate_private_key(ec.SECP256R1())
    try:
        names = x509.SubjectAlternativeName([_general(host) for host in hosts])
    except ValueError as exc:
        raise BadRequest(f"hosts are {list(hosts)!r}: {exc}") from exc
    certificate = _issued(
        authority, key.public_key(), hosts[0][:_MOST_NAME], (now, days), (ExtendedKeyUsageOID.SERVER_AUTH, names)
    )
    return _private(key), certificate


def revocation_list(authority: Authority, revoked: Sequence[Revoked], now: datetime, next_days: float) -> bytes:
    """Return the list (CRL, PEM) of what is revoked, good for next_days: OpenSSL refuses everybody after that."""
    issuer = x509.load_pem_x509_certificate(authority.certificate_pem)
    key = _signing(authority)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(now - _BEFORE)
        .next_update(now + timedelta(days=next_days))
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        .add_extension(_issuer_id(issuer), critical=False)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial).revocation_date(one.at)
        if one.reason is not Reason.UNSPECIFIED:  # RFC 5280 5.3.1: absent rather than unspecified
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags(one.reason.value)), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def fingerprint(certificate_pem: bytes) -> str:
    """Return the SHA-256 of a certificate, colon hex, as openssl x509 -fingerprint -sha256 prints it."""
    return _colons(x509.load_pem_x509_certificate(certificate_pem).fingerprint(hashes.SHA256()))


def described(certificate_pem: bytes) -> Described:
    """Return what a certificate says."""
    one = x509.load_pem_x509_certificate(certificate_pem)
    name = str(one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    return Described(one.serial_number, name, one.not_valid_before_utc, one.not_valid_after_utc)


def is_issued_by(certificate_pem: bytes, authority: Authority) -> bool:
    """Return whether an authority signed a certificate, by its name and its key."""
    one, issuer = (x509.load_pem_x509_certificate(pem) for pem in (certificate_pem, authority.certificate_pem))
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _issued(
    authority: Authority,
    key: ec.EllipticCurvePublicKey,
    name: str,
    life: tuple[datetime, float],
    purpose: tuple[x509.ObjectIdentifier, x509.SubjectAlternativeName | None],
) -> bytes:
    """Sign a leaf: life is its beginning and days, purpose its extended key usage and, for a server, its hosts."""
    issuer = x509.load_pem_x509_certificate(authority.certificate_pem)
    usage, names = purpose
    builder = (
        _builder(_named(name), key, life[0], timedelta(days=life[1]))
        .issuer_name(issuer.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(_issuer_id(issuer), critical=False)
    )
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    return builder.sign(_signing(authority), hashes.SHA256()).public_bytes(Encoding.PEM)


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _named(name: str) -> x509.Name:
    try:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    except ValueError as exc:
        raise BadRequest(f"name is {name!r}, expected 1 to {_MOST_NAME} characters") from exc


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_id(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found.value)


def _signing(authority: Authority) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(authority.key_pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadRequest("the authority's key is none of EC")
    return key


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _colons(digest: bytes) -> str:
    return digest.hex(":").upper()
