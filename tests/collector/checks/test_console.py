"""The commands about systems: a province gives its catalogue out, fills it in, takes it in, and signs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_collector import data_folder
from machxa_collector.main import main
from machxa_collector.store import audit, systems
from machxa_wire.catalogue import Check
from machxa_wire.policy import decode_policy, read_policy


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data_folder.open_data(tmp_path / "var").dispose()
    return tmp_path / "var"


def edited(file: Path, host: str, version: int) -> None:
    text = file.read_text(encoding="utf-8").replace("version = 1\n", f"version = {version}\n", 1)
    check = f'[[system.check]]\nid = "dossier"\nkind = "http"\nhost = "{host}"\non = "all"\n'
    first, _, rest = text.partition('\n[[system]]\nid = "documents"')
    file.write_text(f'{first}{check}\n[[system]]\nid = "documents"{rest}', encoding="utf-8")


def test_a_provinces_hosts_go_from_an_edited_file_into_a_signed_policy(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, key = tmp_path / "systems.toml", tmp_path / "key"
    assert main(["systems", "export", str(given), "--data", str(data)]) == 0
    edited(given, "motcua.tinh.test", 2)
    assert main(["systems", "import", str(given), "--data", str(data)]) == 0
    assert main(["policy", "new-key", str(key)]) == 0
    (tmp_path / "policy.toml").write_text('version = 1\nhosts = ["a.test"]\n')

    signing = ["policy", "sign", str(tmp_path / "policy.toml"), "--key", str(key), "--systems", str(given)]
    assert main(signing) == 0

    policy = read_policy(decode_policy((tmp_path / "policy.signed").read_bytes()).text)
    own = Check("dossier", "dossier", "http", "motcua.tinh.test", 443, tls="verify", on="all")
    assert own in policy.catalogue
    assert policy.hosts[:2] == ("a.test", "motcua.tinh.test:443")
    assert policy.checks == tuple(one.id for one in policy.catalogue)
    store = data_folder.open_data(data)
    assert own in systems.effective(store).checks
    assert [one.action for one in audit.every(store)][-1] == "systems.import"
    store.dispose()
    capsys.readouterr()
    assert main(["systems", "list", "--data", str(data)]) == 0
    told = capsys.readouterr().out
    assert "motcua.tinh.test:443/, 300 s, all  (chưa ký / not signed yet)" in told
    assert "danh mục 2, chính sách 0" in told


def test_an_older_catalogue_and_one_that_is_none_are_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "systems.toml"
    assert main(["systems", "export", str(given), "--data", str(data)]) == 0
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe")

    acts = (("import", "systems.toml"), ("import", "noise.toml"), ("import", "none.toml"), ("export", "systems.toml"))
    again = [main(["systems", act, str(tmp_path / name), "--data", str(data)]) for act, name in acts]

    assert again == [1, 1, 1, 1]
    told = capsys.readouterr().err
    assert "catalogue 1 is not newer than 1" in told
    assert told.count("cannot be used") == 2
    assert "cannot be written" in told
