from __future__ import annotations

import logging

import pytest

from machxa_collector.failure import CannotRunError
from machxa_collector.heartbeat import Heartbeat, checked

URL = "https://ping.example/secret"


def test_it_pings_only_while_records_go_through() -> None:
    pinged: list[str] = []
    ready = [True]
    heart = Heartbeat(URL, lambda: ready[0], pinged.append)

    heart.beat()
    ready[0] = False
    heart.beat()

    assert pinged == [URL]


def test_nobody_is_pinged_unasked() -> None:
    pinged: list[str] = []

    Heartbeat(None, lambda: True, pinged.append).run()

    assert pinged == []


def test_silence_is_logged_on_the_change_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[OSError | None] = [OSError(URL), OSError(URL), None]

    def ask(_url: str) -> None:
        if (error := answers.pop(0)) is not None:
            raise error

    caplog.set_level(logging.INFO)
    heart = Heartbeat(URL, lambda: True, ask)
    for _ in range(3):
        heart.beat()

    assert [record.message for record in caplog.records] == [
        "the heartbeat is not heard: OSError",
        "the heartbeat is heard again",
    ]


@pytest.mark.parametrize("url", ["ftp://host/", "https://", "host", "http://a b/", "http://h:x/", "http://[/"])
def test_what_cannot_be_pinged_is_refused(url: str) -> None:
    with pytest.raises(CannotRunError):
        checked(url)
