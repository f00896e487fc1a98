"""Keep the centre's own certificate authority in the data folder, never in the database."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from machxa_collector.failure import CannotRunError
from machxa_collector.registry import certificates
from machxa_collector.registry.certificates import Authority, Revoked

NAME = "Mach Xa"
LIST_DAYS = 365  # written anew at each start, each revocation and each day; OpenSSL refuses everybody with an old one
_KEY, _CERTIFICATE, _LIST = "ca.key", "ca.pem", "revoked.pem"
_PRIVATE = 0o600


class KeptAuthority:
    """Sign with the key of a folder, and keep the list of what is revoked beside it. Safe from any thread."""

    def __init__(self, folder: Path, authority: Authority, now: Callable[[], datetime]) -> None:
        """Take an authority that stands in a folder; now is the centre's clock."""
        self._folder = folder
        self._now = now
        self._listed_at: datetime | None = None
        self._lock = threading.Lock()
        self.authority = authority
        self.fingerprint = certificates.fingerprint(authority.certificate_pem)

    @property
    def certificate(self) -> Path:
        """Return the file that holds the authority's certificate."""
        return self._folder / _CERTIFICATE

    @property
    def revoked(self) -> Path:
        """Return the file that holds the list of what is revoked."""
        return self._folder / _LIST

    def issue(self, request: bytes, agent: str) -> bytes:
        """Return an agent's certificate for 90 days from now; raises BadRequest."""
        return certificates.issue_client(self.authority, request, agent, self._now())

    def server(self, hosts: Sequence[str], days: float = certificates.CLIENT_DAYS) -> tuple[bytes, bytes]:
        """Return a new key and certificate for a server of the centre's; raises BadRequest."""
        return certificates.issue_server(self.authority, hosts, self._now(), days)

    def client(self, name: str, days: float) -> tuple[bytes, bytes]:
        """Return a new key and certificate for a part of the centre that connects to a broker; raises BadRequest."""
        return certificates.new_client(self.authority, name, self._now(), days)

    def list_revoked(self, revoked: Sequence[Revoked]) -> bytes:
        """Write the list of what is revoked, and return it.

        Each says a later second than the last one: OpenSSL keeps the older of two lists of the same second.
        """
        with self._lock:
            now = self._now()
            if self._listed_at is not None:
                now = max(now, self._listed_at + timedelta(seconds=1))
            self._listed_at = now
            pem = certificates.revocation_list(self.authority, revoked, now, LIST_DAYS)
            _write(self.revoked, pem)
        return pem


def opened(data: Path, now: Callable[[], datetime]) -> KeptAuthority:
    """Return the authority of a data folder, made there at the first start; raises CannotRunError."""
    folder = data / "collector" / "ca"
    try:
        if not folder.exists():
            _make(folder, now())
        authority = Authority((folder / _KEY).read_bytes(), (folder / _CERTIFICATE).read_bytes())
        return KeptAuthority(folder, authority, now)
    except (OSError, ValueError) as exc:
        raise CannotRunError(
            f"không dùng được khóa cấp chứng thư trong {folder}: {exc}",
            f"the certificate authority in {folder} cannot be used: {exc}; restore ca.key and ca.pem from the backup",
        ) from exc


def _make(folder: Path, now: datetime) -> None:
    """Make the folder wholly or not at all: a key without its certificate would stop every start."""
    made = certificates.new_authority(NAME, now)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix="ca.", dir=folder.parent))
    _write(new / _KEY, made.key_pem)
    _write(new / _CERTIFICATE, made.certificate_pem)
    try:
        new.rename(folder)
    except OSError:
        if not folder.exists():  # another process was first: its authority is the one
            raise
        for left in new.iterdir():
            left.unlink()
        new.rmdir()


def _write(path: Path, content: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
