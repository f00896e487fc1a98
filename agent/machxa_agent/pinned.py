"""Trust the centre's own authority and nobody else.

Certificates' times are not checked on these connections: a PC whose clock battery is dead would otherwise be
silent for ever, and its clock is told by the collector as a fault. Name and authority are checked all the same.
"""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path
from typing import Optional

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, openssl/x509_vfy.h; Python has no name for it


def context(ca: str, own: Optional[Path] = None) -> ssl.SSLContext:
    """Return a context that trusts one authority (PEM) and shows the certificate in a file of key and certificate.

    Raises OSError, of which ssl.SSLError is one, when either cannot be used.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks the name; trusts nobody yet
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.verify_flags = ssl.VerifyFlags(made.verify_flags | NO_CHECK_TIME)
    made.load_verify_locations(cadata=ca)
    if own is not None:
        made.load_cert_chain(str(own))
    return made


def blind() -> ssl.SSLContext:
    """Return a context that checks nothing: to fetch the authority's certificate, which a fingerprint then proves."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def fingerprint(certificate: str) -> str:
    """Return the SHA-256 of a certificate (PEM) in colon hex; raises ValueError when it is none."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.strip())).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def is_same(one: str, other: str) -> bool:
    """Return whether two fingerprints are the same, however they are written: AB:CD or abcd."""
    first, second = (text.replace(":", "").replace(" ", "").upper() for text in (one, other))
    return first == second
