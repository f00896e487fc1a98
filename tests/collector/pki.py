"""Write an authority's files for the tests of TLS: a broker's or server's, and a client's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from machxa_collector.registry import certificates


@dataclass(frozen=True, slots=True)
class Files:
    """Hold an authority and the paths of its certificate, a server's for loopback, and a client's."""

    authority: certificates.Authority
    ca: Path
    certificate: Path
    key: Path
    client: Path
    client_key: Path


LOOPBACK = ("127.0.0.1", "localhost")


def written(folder: Path, client: str = "centre", hosts: Sequence[str] = LOOPBACK) -> Files:
    """Return new files in a folder."""
    now = datetime.now(UTC)
    authority = certificates.new_authority("Mach Xa", now)
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(authority, *(folder / name for name in ("ca.pem", "crt.pem", "key.pem", "me.pem", "me-key.pem")))
    files.ca.write_bytes(authority.certificate_pem)
    for pair, content in (
        ((files.key, files.certificate), certificates.issue_server(authority, hosts, now, 30)),
        ((files.client_key, files.client), certificates.new_client(authority, client, now, 30)),
    ):
        for path, pem in zip(pair, content, strict=True):
            path.touch(mode=0o600)
            path.write_bytes(pem)
    return files
