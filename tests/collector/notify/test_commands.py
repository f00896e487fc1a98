"""`machxa notify` lists the channels and tries one, without printing a secret."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from machxa_collector import data_folder, sealkey
from machxa_collector.main import main
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import audit
from machxa_collector.store.registry import Snapshot
from tests.collector.notify.centre import Centre
from tests.collector.notify.servers import receiver


def test_a_channel_is_tried_from_the_command_line(
    tmp_path: Path, migrated: tuple[Path, Snapshot], capsys: pytest.CaptureFixture[str]
) -> None:
    place = data_folder.store_path(tmp_path)
    place.parent.mkdir(parents=True)
    shutil.copy(migrated[0], place)
    seals: Keyring = sealkey.keyring(data_folder.seal_key_path(tmp_path))
    centre = Centre(data_folder.open_data(tmp_path, seals), migrated[1])
    data = ["--data", str(tmp_path)]
    with receiver() as told:
        centre.channel("sms", "webhook", {"url": f"{told.url}&key=s3cret-of-theirs"}, seals=seals)
        inside = main(["notify", "test", "sms", *data])
        went = main(["notify", "test", "sms", "--allow-inner", "127.0.0.1", *data])
    failed = main(["notify", "test", "sms", "--allow-inner", "127.0.0.0/8", *data])
    unknown = main(["notify", "test", "other", *data])
    listed = main(["notify", "list", *data])
    shown = capsys.readouterr()

    assert (inside, went, failed, unknown, listed, len(told.got)) == (1, 0, 1, 1, 0, 1)
    assert "the other side took the test" in shown.out
    assert "sms\twebhook\t127.0.0.1:" in shown.out
    assert "s3cret" not in shown.out + shown.err
    assert [one.action for one in audit.every(centre.store)] == ["channel.test"] * 3
    centre.store.dispose()
