"""What ``machxa zabbix`` tells reaches the history of a real Zabbix server, where one is installed."""

from __future__ import annotations

import os
import time

import pytest

from machxa_collector.operating.zabbix import Taken, Value, send, values_of
from machxa_collector.store.gauges import Gauges
from machxa_fleet import zabbix

FOUND = Gauges(agents={("29410", "on"): 20, ("29410", "lost"): 4}, incidents={("29410", "power", 2): 1}, providers={})
KEPT = {
    "machxa.agents[lost]": 4,
    "machxa.agents[on]": 20,
    "machxa.unit.incidents[29410]": 1,
    "machxa.unit.severity[29410]": 2,
}


@pytest.mark.faults
@pytest.mark.skipif(
    bool(zabbix.missing()) or "MACHXA_ZABBIX" not in os.environ,
    reason=f"takes a minute: MACHXA_ZABBIX=1 plays it; not installed: {' '.join(zabbix.missing()) or 'nothing'}",
)
def test_a_real_server_keeps_what_it_was_told_and_says_what_it_does_not_have() -> None:
    values = [*values_of(FOUND), Value("machxa.unit.severity[29411]", 1)]
    deadline = time.monotonic() + 120.0
    with zabbix.running(["Mạch Xã 86"], list(KEPT)) as server:
        while (told := send(("127.0.0.1", server.port), "Mạch Xã 86", values, 1_795_566_600)).processed == 0:
            assert time.monotonic() < deadline, "it did not read its hosts in time"
            time.sleep(0.1)
        while server.stored() < len(KEPT):
            assert time.monotonic() < deadline, "its history did not take them in time"
            time.sleep(0.1)
        kept = server.sql(
            "SELECT DISTINCT key_, value, clock FROM history_uint JOIN items USING (itemid) ORDER BY key_"
        )

    assert told == Taken(4, 1)
    assert kept.splitlines() == [f"{key}|{value}|1795566600" for key, value in KEPT.items()]
