"""A data folder remembers where its store is, never shows a password, and is copied by PostgreSQL's own program."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from machxa_collector import data_folder, sealkey, store_address
from machxa_collector.failure import CannotRunError
from machxa_collector.main import main
from machxa_collector.operating import backup
from machxa_collector.store import tables
from machxa_collector.store.engine import open_store
from tests.collector.builders import enrol
from tests.collector.postgres import Cluster


def test_a_folder_remembers_an_address_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    store_address.remember(tmp_path, "postgres://machxa@db.tinh.vn:5432/machxa?passfile=/etc/machxa/pgpass")

    assert store_address.known(tmp_path) == "postgresql://machxa@db.tinh.vn:5432/machxa?passfile=/etc/machxa/pgpass"
    assert (tmp_path / "collector" / "store.url").stat().st_mode & 0o077 == 0
    assert not data_folder.is_new(tmp_path)


def test_a_server_on_this_computer_s_own_socket_is_an_address(tmp_path: Path) -> None:
    store_address.remember(tmp_path, "postgres:///machxa")

    assert store_address.known(tmp_path) == "postgresql:///machxa"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql://machxa:secret@db/machxa", "no password on the command line"),
        ("mysql://db/machxa", "expected postgresql://"),
        ("postgresql://db", "expected postgresql://"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, address: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["token", "sign-in", "--data", str(tmp_path), "--store", address])

    said = capsys.readouterr().err
    assert status == 1
    assert why in said
    assert "secret" not in said
    assert store_address.known(tmp_path) is None


def test_a_folder_with_a_store_in_it_takes_no_address(tmp_path: Path) -> None:
    open_store(data_folder.store_path(tmp_path)).dispose()

    with pytest.raises(CannotRunError, match="holds a store in SQLite"):
        store_address.remember(tmp_path, "postgresql://db/machxa")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://machxa:pass@db:5432/machxa", "postgresql://machxa@db:5432/machxa"),
        ("postgresql:///machxa", "postgresql:///machxa"),
        ("postgresql://db/machxa?password=pass&sslmode=verify-full", "postgresql://db/machxa?sslmode=verify-full"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert store_address.shown(address) == shown


@pytest.mark.postgres
def test_a_store_in_postgresql_is_used_looked_at_and_copied_by_its_folder(
    server: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, copies = tmp_path / "data", tmp_path / "copies"
    with server.migrated() as url:
        assert main(["token", "sign-in", "--data", str(data), "--store", url]) == 0
        store = data_folder.open_data(data)
        agent = enrol(store)
        store.dispose()
        assert main(["backup", "--to", str(copies), "--data", str(data)]) == 0
        (copy,) = copies.iterdir()
        capsys.readouterr()
        main(["doctor", "--data", str(data), "--url", "http://127.0.0.1:1", "--backups", str(copies), "--json"])
        found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
        seal = data_folder.seal_key_path(data)
        sealkey.keyring(seal)
        data_folder.kept_authority(data)
        backup.make_keys(data, tmp_path / "keys", datetime.now(UTC), "0.1.0")
        seal.unlink()
        refused = main(["restore", str(copy), "--data", str(data), "--keys", str(tmp_path / "keys")])

    assert found["store"]["level"] == "ok"
    assert found["backup"]["level"] == "ok"
    assert (refused, seal.exists()) == (1, True)  # the store is PostgreSQL's to put back, the keys are ours
    assert f"--single-transaction '--dbname={url}' {copy}" in capsys.readouterr().err
    assert agent.id.encode() in server.listed(copy)


@pytest.mark.postgres
def test_rows_come_in_one_order_whatever_the_databases_collation(server: Cluster) -> None:
    names = ["a", "B", "_", "Ă", "z", "đ", "É", "1"]
    with server.migrated() as url:
        store = open_store(url)
        with store.begin() as connection:
            connection.execute(insert(tables.preferences), [{"name": name, "value": ""} for name in names])
            query = select(tables.preferences.c.name).order_by(tables.preferences.c.name)
            found = connection.execute(query).scalars().all()
        store.dispose()

    assert found == sorted(names)


@pytest.mark.postgres
def test_a_second_collector_on_one_postgresql_is_refused_until_the_first_has_ended(
    server: Cluster, tmp_path: Path
) -> None:
    with server.migrated() as url:
        for folder in ("a", "b"):
            store_address.remember(tmp_path / folder, url)
        with data_folder.sole_collector(tmp_path / "a"):
            with pytest.raises(CannotRunError, match="another collector runs on store"):
                data_folder.sole_collector(tmp_path / "b").__enter__()
            data_folder.open_data(tmp_path / "b").dispose()  # a command may look at any time

        with data_folder.sole_collector(tmp_path / "b"):
            pass


def test_a_collector_says_that_its_postgresql_is_not_there(tmp_path: Path) -> None:
    store_address.remember(tmp_path, "postgresql://machxa@127.0.0.1:1/machxa")

    with pytest.raises(CannotRunError, match="cannot be opened"):
        data_folder.sole_collector(tmp_path).__enter__()
