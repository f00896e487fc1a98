"""Serve the pages over the fixture reader on loopback: python -m tests.web.serve_fixture PORT [CASE]."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi import FastAPI

from machxa_web.admin.desk import Desks, Guards
from machxa_web.admin.router import create_admin_router
from machxa_web.pages import create_router
from tests.web.fixture_desk import FixtureDesk
from tests.web.fixture_reader import FACTS, HOSTILE, PC, FixtureReader


def reader_of(case: str) -> FixtureReader:
    """Return the reader of one case, its newest readings some seconds old."""
    newest = datetime.now(UTC) - timedelta(seconds=42)
    hostile_facts = {**FACTS, "bios": {"smanufacturer": HOSTILE, "smodel": "x" * 4000, "ssn": "اختبار\u0336" * 9}}
    readers = {
        "plain": FixtureReader(newest_at=newest),
        "hostile": FixtureReader(newest_at=newest, name=HOSTILE, mount=HOSTILE + "/" + "y" * 220, facts=hostile_facts),
        "empty": FixtureReader(newest_at=newest, is_silent=True, facts={}, books=(), presence=None),
        "lost": FixtureReader(newest_at=newest - timedelta(hours=2), presence="lost"),
        "list": FixtureReader(newest_at=newest, listed=LISTED),
    }
    return readers[case]


LISTED = tuple(
    {
        "id": f"{PC[:-2]}{index:02}",
        "name": name,
        "vendor": vendor,
        "model": model,
        "serial": f"SN00{index}",
        "presence": {"state": state, "since": "2026-11-24T00:12:00Z"},
        "last_seen": (datetime.now(UTC) - timedelta(seconds=age)).isoformat(),
    }
    for index, (name, vendor, model, state, age) in enumerate(
        (
            ("MOTCUA-01", "Dell Inc.", "OptiPlex 3020", "on", 42),
            ("VANTHU-02", "HP", "ProDesk 400 G5", "off", 52000),
            ("DIACHINH-03", "Lenovo", "ThinkCentre M70s", "lost", 7300),
            (HOSTILE, "x" * 300, None, "?", 90000),
        )
    )
)


def main(port: int, case: str) -> None:
    """Serve until ended."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    source = reader_of(case)
    app.include_router(create_router(lambda _request: source))
    desk = FixtureDesk()
    desks = Desks(records=lambda _: desk, files=lambda _: desk, identities=lambda _: desk)
    app.include_router(create_admin_router(desks, Guards(looking=(), changing=(), importing=())))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "plain")
