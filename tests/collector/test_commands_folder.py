"""Commands leave a data folder alone that they would spoil: another user's, or one whose key is kept elsewhere."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from machxa_collector import data_folder, running, sealkey
from machxa_collector.main import main

NOBODY = 65_534


@pytest.mark.skipif(sys.platform == "win32", reason="files of Windows have no such owner")
def test_root_makes_nothing_in_a_folder_of_the_collectors_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.getuid() == 0:
        os.chown(tmp_path, NOBODY, NOBODY)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    status = main(["init", "--province", "86", "--data", str(tmp_path)])

    told = capsys.readouterr().err
    assert (status, list(tmp_path.iterdir())) == (1, [])
    assert "runuser -u" in told
    assert "nothing was changed" in told


def test_a_command_makes_no_key_beside_the_one_that_serve_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, given = tmp_path / "data", tmp_path / "given.key"
    data_folder.open_data(data, sealkey.keyring(given)).dispose()
    told = ["dossiers", "sources", "--data", str(data)]

    without, with_it = main(told), main([*told, "--seal-key", str(given)])

    assert (without, with_it) == (1, 0)
    assert "--seal-key" in capsys.readouterr().err
    assert not data_folder.seal_key_path(data).exists()


def test_a_broker_elsewhere_is_trusted_by_our_own_authority_unless_another_is_named(tmp_path: Path) -> None:
    authority = data_folder.kept_authority(tmp_path)
    options = dict.fromkeys(("broker_password_file", "broker_certificate", "broker_key", "agents_broker"))
    asked = {**options, "data": tmp_path, "broker": "mqtts://mx:8884", "agents_path": ()}

    ours, theirs = (running._own_broker(argparse.Namespace(**asked, broker_ca=one)) for one in (None, Path("ca.pem")))

    assert (ours.ca, theirs.ca) == (authority.certificate, Path("ca.pem"))
