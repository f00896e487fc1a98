from __future__ import annotations

import logging

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from machxa_collector.upkeep import JOBS, look
from tests.collector.builders import MIDNIGHT


def breaks(_store: Engine, _now_ms: int) -> str:
    raise KeyError("facts of a kind nobody thought of")


def waits(_store: Engine, _now_ms: int) -> str:
    raise OperationalError("SELECT 1", {}, Exception("database is locked"))


def test_a_job_that_fails_holds_up_no_other(store: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    look({"first": breaks, "second": waits, "third": lambda _store, now_ms: f"done at {now_ms}"}, store, 7)

    told = [(record.levelname, record.getMessage().partition(":")[0]) for record in caplog.records]
    assert told == [
        ("ERROR", "upkeep (first) met a defect; the other jobs go on"),
        ("WARNING", "upkeep (second) waits for its next turn"),
        ("INFO", "done at 7"),
    ]


def test_a_new_store_gives_upkeep_nothing_to_complain_of(store: Engine, caplog: pytest.LogCaptureFixture) -> None:
    look(JOBS, store, MIDNIGHT)

    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
