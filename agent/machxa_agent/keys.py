"""Make this agent's key and certificate request: the agent's only cryptography import, loaded in a child that ends."""

from __future__ import annotations

import calendar
from pathlib import Path
from typing import Tuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from machxa_agent.identity import write_durably

_BEGIN_REQUEST = "-----BEGIN CERTIFICATE REQUEST-----"


def request(path: Path) -> str:
    """Return the certificate request (PEM) in a file beside its key, made when there is none; raises OSError.

    It stays the same until a certificate came, so that asking again after a lost answer is asking for the same.
    """
    try:
        return csr_in(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        made = _made()
    write_durably(path, made.encode("ascii"))
    return csr_in(made)


def csr_in(pem: str) -> str:
    """Return the certificate request behind a key; raises ValueError when there is none."""
    at = pem.index(_BEGIN_REQUEST)
    x509.load_pem_x509_csr(pem[at:].encode("ascii"))
    return pem[at:]


def times(certificate: str) -> Tuple[int, int]:
    """Return when a certificate (PEM) begins and ends, in seconds since 1970 UTC; raises ValueError for none."""
    one = x509.load_pem_x509_certificate(certificate.encode("ascii"))
    begins, ends = one.not_valid_before_utc, one.not_valid_after_utc
    return calendar.timegm(begins.utctimetuple()), calendar.timegm(ends.utctimetuple())


def _made() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return (private + builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)).decode("ascii")
