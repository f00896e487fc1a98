from __future__ import annotations

from pathlib import Path

import pytest

from machxa_collector.failure import CannotRunError
from machxa_collector.sealkey import keyring


def test_a_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "collector" / "seal.key"

    made = keyring(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["seal.key"]
    assert keyring(path) == made


def test_each_line_is_a_key_and_the_first_seals(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    path.write_text("11" * 32 + "\n" + "22" * 32 + "\n")

    assert keyring(path).keys == (b"\x11" * 32, b"\x22" * 32)


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    path.write_text("11" * 32)
    path.chmod(0o644)

    keyring(path)

    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"\n", b"11" * 31, b"zz" * 32, b"11" * 33, b"\xff\x00", b"11" * 32 + b"\n22"])
def test_a_damaged_file_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seal.key"
    path.write_bytes(content)

    with pytest.raises(CannotRunError, match="damaged"):
        keyring(path)

    assert path.read_bytes() == content


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="cannot be used"):
        keyring(tmp_path)
