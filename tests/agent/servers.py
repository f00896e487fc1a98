"""Stand on loopback as what may be in the way to the collector: bad certificates, silence, a login page, a proxy."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from machxa_collector.registry import certificates
from machxa_collector.registry.certificates import Authority

NOW = datetime.now(timezone.utc)
Talk = Callable[[socket.socket], None]
Pair = tuple[bytes, bytes]


def pair(authority: Authority, *, host: str = "127.0.0.1", begins: datetime = NOW) -> Pair:
    """Return a server's key and certificate of an authority."""
    return certificates.issue_server(authority, [host], begins, 30)


def self_signed() -> Pair:
    """Return a key and a certificate signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = builder.serial_number(5).not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=9))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def answering(status: str, content_type: str, body: bytes, *, date: datetime | None = None) -> Talk:
    """Return what answers one HTTP request, dated now unless told."""
    dated = datetime.now(timezone.utc) if date is None else date
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    head += f"Date: {format_datetime(dated, usegmt=True)}\r\nConnection: close\r\n\r\n"

    def talk(link: socket.socket) -> None:
        request(link)
        link.sendall(head.encode() + body)

    return talk


def blurting(link: socket.socket) -> None:
    """Answer whatever is said, such as the beginning of TLS, as a web server does that speaks in clear."""
    link.recv(65536)
    link.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>")


def request(link: socket.socket) -> bytes:
    """Read a whole request: closing with something unread would cut the answer off."""
    told = b""
    while b"\r\n\r\n" not in told:
        piece = link.recv(65536)
        if not piece:
            return told
        told += piece
    head, _, body = told.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head.lower())
    while found is not None and len(body) < int(found[1]):
        piece = link.recv(65536)
        if not piece:
            break
        body += piece
    return head + body


def resetting(link: socket.socket) -> None:
    """Cut the connection when the other side begins to speak."""
    link.recv(16)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def mute(link: socket.socket) -> None:
    """Say nothing until the other side has enough."""
    while link.recv(65536):
        pass


@contextmanager
def serving(talk: Talk, tls: Pair | None = None) -> Iterator[int]:
    """Serve connections one after the other; give the port."""
    context = None if tls is None else _context(tls)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(listening, talk, context), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def _serve(listening: socket.socket, talk: Talk, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            plain, _ = listening.accept()
        except OSError:
            return
        plain.settimeout(20)
        try:
            link = plain if context is None else context.wrap_socket(plain, server_side=True)
            talk(link)
            link.close()
        except OSError:
            pass
        finally:
            plain.close()


def _context(tls: Pair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pair.pem"
        file.write_bytes(tls[0] + tls[1])
        context.load_cert_chain(file)
    return context
