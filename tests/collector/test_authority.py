"""The authority's folder: made once, private, refused when half of it is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from machxa_collector import authority
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.certificates import Revoked

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


def _opened(data: Path) -> authority.KeptAuthority:
    return authority.opened(data, lambda: NOW)


def test_the_key_is_made_once_and_for_its_user_alone(tmp_path: Path) -> None:
    first, second = _opened(tmp_path), _opened(tmp_path)

    folder = tmp_path / "collector" / "ca"
    assert first.fingerprint == second.fingerprint
    assert (folder.stat().st_mode & 0o777, (folder / "ca.key").stat().st_mode & 0o777) == (0o700, 0o600)
    assert sorted(one.name for one in folder.parent.iterdir()) == ["ca"]


def test_of_many_first_starts_at_once_one_authority_comes(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _n: authority.opened(tmp_path, lambda: NOW), range(8)))

    assert len({one.authority.certificate_pem for one in [*made, _opened(tmp_path)]}) == 1


def test_two_lists_of_one_second_follow_each_other(tmp_path: Path) -> None:
    kept = _opened(tmp_path)

    lists = [x509.load_pem_x509_crl(kept.list_revoked([Revoked(n, NOW)])) for n in (1, 2)]

    assert lists[0].last_update_utc < lists[1].last_update_utc
    assert kept.revoked.read_bytes().startswith(b"-----BEGIN X509 CRL")


@pytest.mark.parametrize(("file", "content"), [("ca.key", None), ("ca.pem", None), ("ca.pem", b"nonsense")])
def test_a_damaged_authority_is_told_and_never_made_anew(tmp_path: Path, file: str, content: bytes | None) -> None:
    _opened(tmp_path)
    path = tmp_path / "collector" / "ca" / file
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)

    with pytest.raises(CannotRunError, match=r"restore ca\.key and ca\.pem"):
        _opened(tmp_path)
