"""Start a collector and, before it, nginx with the configuration as shipped: other folders, ports, certificates."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from machxa_fleet.mosquitto import free_port

NAME = "machxa.example"
_SHIPPED = Path(__file__).parents[2] / "deploy/nginx"
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Front:
    """Hold what runs: nginx's ports, its certificate, the collector's own port and process, two operators' tokens."""

    https: int
    http: int
    certificate: Path
    bare: int
    collector: int
    token: str
    other_token: str
    folder: Path

    def peak_bytes(self) -> int:
        """Return the most memory the collector has had so far."""
        status = Path(f"/proc/{self.collector}/status").read_text(encoding="ascii")
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def find() -> str | None:
    """Return nginx's path, None when it is not installed (Debian keeps it in /usr/sbin)."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def configured(folder: Path, *, https: int, http: int, bare: int) -> Path:
    """Write the shipped configuration for a folder and ports; every other line stays. Return the main file."""
    folders = {
        "/etc/machxa/nginx": folder,
        "/etc/machxa/tls": folder,
        "/var/lib/nginx": folder / "bodies",
        "/var/log/nginx": folder,
        "/run/nginx.pid": folder / "nginx.pid",
    }
    changes = {
        **{old: str(new) for old, new in folders.items()},
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "listen [::]:443 ": f"listen [::1]:{https} ",
        "listen 80 ": f"listen 127.0.0.1:{http} ",
        "listen [::]:80 ": f"listen [::1]:{http} ",
        "127.0.0.1:8470": f"127.0.0.1:{bare}",
    }
    texts = {name: (_SHIPPED / name).read_text(encoding="utf-8") for name in ("nginx.conf", "machxa.conf")}
    for old, new in changes.items():
        if not any(old in text for text in texts.values()):
            raise ValueError(f"the shipped configuration has no {old!r} any more")
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "bodies").mkdir()
    return folder / "nginx.conf"


def certify(folder: Path) -> Path:
    """Write a key and a certificate for the server's name; return the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "server.pem"


@contextmanager
def running(folder: Path) -> Iterator[Front]:
    """Run both; they end with the context."""
    folder.chmod(0o755)  # nginx's workers give up root's rights
    https, http, bare = free_port(), free_port(), free_port()
    certificate = certify(folder)
    config = configured(folder, https=https, http=http, bare=bare)
    python, data = [sys.executable, "-m", "machxa_collector.main"], ["--data", str(folder / "data")]
    with (folder / "collector.log").open("wb") as log:
        collector = subprocess.Popen(
            [*python, "serve", "--behind-proxy", "--port", str(bare), *data], stdout=log, stderr=log
        )
    nginx = None
    try:
        _until_open(bare)
        tokens = [
            subprocess.run([*python, "token", "api", *data], capture_output=True, text=True, check=True).stdout.strip()
            for _ in range(2)
        ]
        with (folder / "nginx.log").open("wb") as log:
            nginx = subprocess.Popen(
                [str(find()), "-p", str(folder), "-c", str(config), "-g", "daemon off;"],
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"]},
            )
        _until_open(https)
        yield Front(https, http, certificate, bare, collector.pid, tokens[0], tokens[1], folder)
    finally:
        for one in (nginx, collector):
            if one is not None:
                one.terminate()
                one.wait(30)


def _until_open(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
