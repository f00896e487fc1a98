"""The centre's authority: what it signs, what it refuses, and what OpenSSL makes of it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from machxa_collector.registry import certificates as pki

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
AGENT = "0f8fad5b-d9cb-469f-a165-70867728950e"


def _request(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, name: str = "centre") -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    wanted = x509.BasicConstraints(ca=True, path_length=None)
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject).add_extension(wanted, critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def authority() -> pki.Authority:
    return pki.new_authority("Mach Xa 86", NOW)


@pytest.fixture(scope="module")
def request_pem() -> bytes:
    return _request(ec.generate_private_key(ec.SECP256R1()))


def test_a_client_gets_the_name_the_centre_gives_and_nothing_it_asked_for(
    authority: pki.Authority, request_pem: bytes
) -> None:
    issued = x509.load_pem_x509_certificate(pki.issue_client(authority, request_pem, AGENT, NOW))

    told = pki.described(issued.public_bytes(Encoding.PEM))
    assert told == pki.Described(issued.serial_number, AGENT, NOW - timedelta(days=1), NOW + timedelta(days=90))
    assert issued.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert list(issued.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.CLIENT_AUTH
    ]


def _altered(pem: bytes) -> bytes:
    request = x509.load_pem_x509_csr(pem)
    der = bytearray(request.public_bytes(Encoding.DER))
    at = bytes(der).index(b"centre")
    der[at : at + 6] = b"center"
    return x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM)


def _rsa(_pem: bytes) -> bytes:
    return _request(rsa.generate_private_key(65537, 2048))


def _other_curve(_pem: bytes) -> bytes:
    return _request(ec.generate_private_key(ec.SECP384R1()))


def _edwards(_pem: bytes) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _pem: b"",
        lambda _pem: b"\xff" * 100,
        lambda pem: pem[:200],
        lambda pem: pem.replace(b"REQUEST", b"LETTER"),
        lambda pem: pem + b"\n" * 5000,
        _altered,
        _rsa,
        _other_curve,
        _edwards,
    ],
    ids=["empty", "noise", "cut", "label", "huge", "altered", "rsa", "p384", "ed25519"],
)
def test_a_request_that_is_none_or_not_signed_by_its_own_p256_key_is_refused(
    authority: pki.Authority, request_pem: bytes, spoil: object
) -> None:
    assert callable(spoil)

    with pytest.raises(pki.BadRequest):
        pki.issue_client(authority, spoil(request_pem), AGENT, NOW)


@pytest.mark.parametrize("hosts", [(), ("",), ("đông.vn",)])
def test_a_server_without_a_name_a_certificate_can_hold_is_refused(
    authority: pki.Authority, hosts: tuple[str, ...]
) -> None:
    with pytest.raises(pki.BadRequest):
        pki.issue_server(authority, hosts, NOW, 90)


def test_fingerprints_are_sha256_in_colon_hex(authority: pki.Authority, request_pem: bytes) -> None:
    assert len(pki.fingerprint(authority.certificate_pem).split(":")) == 32
    assert len(pki.request_fingerprint(request_pem).split(":")) == 32


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_takes_the_chain_until_the_list_says_otherwise(
    authority: pki.Authority, request_pem: bytes, tmp_path: Path
) -> None:
    client = pki.issue_client(authority, request_pem, AGENT, NOW)
    _, server = pki.issue_server(authority, ["may-chu.xa.example", "127.0.0.1", "::1"], NOW, 90)
    serial = pki.described(client).serial
    files = {
        "ca.pem": authority.certificate_pem,
        "client.pem": client,
        "server.pem": server,
        "none.crl": pki.revocation_list(authority, [], NOW, 30),
        "one.crl": pki.revocation_list(authority, [pki.Revoked(serial, NOW, pki.Reason.KEY_COMPROMISE)], NOW, 30),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    def verified(purpose: str, crl: str, leaf: str, *more: str) -> bool:
        command = ["openssl", "verify", "-x509_strict", "-attime", str(int(NOW.timestamp())), "-purpose", purpose]
        command += ["-CAfile", "ca.pem", "-crl_check", "-CRLfile", crl, *more, leaf]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0

    assert verified("sslclient", "none.crl", "client.pem")
    assert not verified("sslserver", "none.crl", "client.pem")
    assert not verified("sslclient", "one.crl", "client.pem")
    assert verified("sslserver", "one.crl", "server.pem", "-verify_hostname", "may-chu.xa.example")
    assert verified("sslserver", "one.crl", "server.pem", "-verify_ip", "127.0.0.1")
    assert not verified("sslserver", "one.crl", "server.pem", "-verify_hostname", "other.example")
