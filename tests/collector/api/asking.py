"""Ask as an agent does: keys, certificate requests, and the routes of enrolment."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from machxa_collector.registry.enrolment import renewal_mac

BOARD = {"uuid": "4c4c4544-0046-3510-8052-b7c04f4a4d32", "serial": "F5RJM2Z"}
SYSTEM = {"machine_id": "5f0e3c1b9a774d2c8b6e0f1a2b3c4d5e"}
OTHER_BOARD = {"uuid": "4c4c4544-0031-4810-8046-c3c04f593132", "serial": "H1HFY12"}
OTHER_SYSTEM = {"machine_id": "90aa5d0c4f1b46d7a7c1d2e3f4a5b6c7"}


def csr() -> str:
    """Return a request for a new key."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def named(pem: str) -> tuple[str, int]:
    """Return whom a certificate names and its serial number."""
    one = x509.load_pem_x509_certificate(pem.encode())
    return str(one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value), one.serial_number


def renewal(agent: str, key: bytes, request: str, **more: str) -> dict[str, str]:
    """Return what a known agent asks for its next certificate with."""
    mac = renewal_mac(key, agent, request.encode())
    return {"agent": agent, "csr": request, "mac": mac, "hostname": "may-1", **more}
