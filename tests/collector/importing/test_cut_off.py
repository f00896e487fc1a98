from __future__ import annotations

import time

from sqlalchemy import Engine

from machxa_collector.api import import_views as views
from machxa_collector.api.registry_asker import Asker
from machxa_collector.importing.running import Running
from machxa_collector.registry.people import OPERATOR
from machxa_collector.store import imports
from machxa_collector.store.registry import LiveRegistry

ASKER = Asker(principal=OPERATOR, now_ms=1_795_566_600_000)
FILE = "Tên;Loại\nMáy in;máy in\n".encode()


def test_a_file_that_was_cut_off_is_told_so_and_can_be_taken_in_again(store: Engine) -> None:
    live, running = LiveRegistry(store), Running()
    made = views.upload(live, running, ASKER, "assets", FILE)
    imports.begin(store, str(made["id"]))  # and the process died

    cut = views.import_detail(live, running, ASKER, str(made["id"]))
    begun = views.start(live, running, ASKER, str(made["id"]), good_only=False)

    deadline = time.monotonic() + 20
    while running.progress(str(made["id"])) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert cut["state"] == "failed"
    assert cut["detail_en"] == "it was cut off midway and no row was written: begin again"
    assert begun["state"] == "running"
    assert views.import_detail(live, running, ASKER, str(made["id"]))["state"] == "done"
