"""Measure what checks cost: bytes of whole packets, processor time and memory, against what the agent counts itself.

``unshare -n python -m tests.bench.checks_cost [RUNS]`` (as root, in a network namespace of its own) runs each kind
RUNS (48) times against servers on loopback at Ethernet's packet size, and prints one JSON object. The server's chain is
RSA 2048 with one intermediate, as most are; its page is 25 KB, 5 KB compressed. A day of a gateway is twelve runs an
hour of 16 pages over TLS, two plain pages and a port, and an hourly time-stamp. Names are not resolved here.
"""

from __future__ import annotations

import gzip
import json
import random
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from machxa_agent.checks.ask import Address, Asker
from machxa_agent.checks.der import value
from machxa_agent.checks.verdict import Tried
from machxa_wire.catalogue import Check
from tests.agent.checks.test_asking import stamping
from tests.agent.servers import Talk, request, serving

RUNS_A_DAY = 288
PAGE = gzip.compress(b"<html>" + "Đăng nhập".encode() + random.Random(1).randbytes(5000) + b"x" * 20_000)


def main() -> int:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 48
    subprocess.run(["ip", "link", "set", "lo", "up", "mtu", "1500"], check=True)
    memory = _pss_bytes()
    with tempfile.TemporaryDirectory() as folder:
        context, root = _chain(Path(folder))
        asker = Asker(_to_loopback, lambda *_: None, trust=lambda _: _trusting(root))
        page, tsp = (
            _page,
            stamping(lambda imprint: value(0x30, value(0x30, value(2, b"\0")) + value(0x30, bytes(3000) + imprint))),
        )
        found = {
            "tls_page": _measured(asker, page, context, runs, kind="http", tls="verify", keyword="Đăng nhập"),
            "plain_page": _measured(asker, page, None, runs, kind="http", keyword="Đăng nhập"),
            "tcp": _measured(asker, lambda _: None, None, runs, kind="tcp"),
            "tsp": _measured(asker, tsp, None, runs, kind="tsp"),
        }
    day = RUNS_A_DAY * (
        16 * _mean(found["tls_page"]) + 2 * _mean(found["plain_page"]) + _mean(found["tcp"])
    ) + 24 * _mean(found["tsp"])
    seconds = (
        RUNS_A_DAY
        * (16 * found["tls_page"]["cpu_ms"] + 2 * found["plain_page"]["cpu_ms"] + found["tcp"]["cpu_ms"])
        / 1000
    )
    whole = {
        **found,
        "gateway_day_mb": round(day / 1e6, 2),
        "gateway_day_cpu_s": round(seconds, 1),
        "pss_kb": (_pss_bytes() - memory) // 1024,
    }
    sys.stdout.write(json.dumps(whole) + "\n")
    return 0


def _page(link: socket.socket) -> None:
    """Answer a page, compressed as most servers do, or its head."""
    asked = request(link)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nSet-Cookie: "
    head += b"x" * 120 + b"\r\nContent-Length: %d\r\nStrict-Transport-Security: max-age=31536000\r\n\r\n" % len(PAGE)
    link.sendall(head if asked.startswith(b"HEAD") else head + PAGE)


def _mean(one: dict[str, float]) -> float:
    """Return bytes a run, with one whole handshake an hour."""
    return (one["first_bytes"] + 11 * one["next_bytes"]) / 12


def _measured(
    asker: Asker,
    talk: Talk,
    context: ssl.SSLContext | None,
    runs: int,
    *,
    kind: str,
    tls: str = "none",
    keyword: str | None = None,
) -> dict[str, float]:
    with serving(talk if context is None else _over(context, talk)) as port:
        check = Check("c", "s", kind, "dvc.test", port, keyword=keyword, tls=tls)
        before = _lo_bytes()
        first = asker.ask(check, ("*.test",))
        time.sleep(0.3)  # the last packets
        middle, began = _lo_bytes(), time.thread_time()
        tries: list[Tried] = [asker.ask(check, ("*.test",)) for _ in range(runs)]
        cpu = time.thread_time() - began
        time.sleep(0.3)
        after = _lo_bytes()
    stops = {one.stop for one in (first, *tries)}
    if stops != {None}:
        raise SystemExit(f"{kind}: {stops}")
    return {
        "first_bytes": middle - before,
        "first_counted": first.traffic_bytes,
        "next_bytes": round((after - middle) / runs),
        "next_counted": round(sum(one.traffic_bytes for one in tries) / runs),
        "cpu_ms": round(cpu / runs * 1000, 2),
    }


def _over(context: ssl.SSLContext, talk: Talk) -> Talk:
    def spoken(link: socket.socket) -> None:
        talk(context.wrap_socket(link, server_side=True))

    return spoken


def _to_loopback(_host: str, port: int) -> list[Address]:
    return [(socket.AF_INET, b"\x7f\0\0\1", ("127.0.0.1", port))]


def _lo_bytes() -> int:
    line = next(one for one in Path("/proc/self/net/dev").read_text().splitlines() if "lo:" in one)
    return int(line.split(":")[1].split()[0])


def _trusting(root: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=root.decode())
    return context


def _chain(folder: Path) -> tuple[ssl.SSLContext, bytes]:
    """Return a server's context with leaf and intermediate, and the root that signed them."""
    now = datetime.now(UTC)
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(3)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in ("Root", "Intermediate", "dvc.test")]
    made = []
    for number, (key, name) in enumerate(zip(keys, names, strict=True)):
        signer = max(0, number - 1)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(names[signer]).public_key(key.public_key())
        builder = (
            builder.serial_number(number + 1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(90))
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=number < 2, path_length=None), critical=True)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("dvc.test")]), critical=False)
        made.append(builder.sign(keys[signer], hashes.SHA256()).public_bytes(Encoding.PEM))
    pem = keys[2].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "chain.pem").write_bytes(pem + made[2] + made[1])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem")
    return context, made[0]


def _pss_bytes() -> int:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("Pss:")))


if __name__ == "__main__":
    sys.exit(main())
