from __future__ import annotations

import json
import re
from pathlib import Path

from machxa_agent import once, version
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample, Series

_TIME = Series("system.cpu.time", (("cpu.mode", "user"),), 1, 100)
_LIMIT = Series("system.memory.limit", (), 1024)
_SPEED = Series("hw.network.bandwidth.limit", (("hw.id", "eth0"),), 125000)


def test_a_reading_gives_values_in_the_metrics_own_unit_and_passes_as_json() -> None:
    probe = Probe("some", lambda: (Sample(_TIME, 1234), Sample(_LIMIT, 4), Sample(_SPEED, None)))

    whole = json.loads(json.dumps(once.reading((probe,))))

    assert list(whole) == ["time", "samples", "facts"]
    assert whole["samples"][:3] == [
        {"name": "system.cpu.time", "labels": {"cpu.mode": "user"}, "value": 12.34, "unit": "s"},
        {"name": "system.memory.limit", "labels": {}, "value": 4096, "unit": "By"},
        {"name": "hw.network.bandwidth.limit", "labels": {"hw.id": "eth0"}, "value": None, "unit": "By/s"},
    ]
    assert whole["samples"][3]["name"] == "machxa.probe.success"


def test_a_reading_for_people_is_a_table_and_an_outline() -> None:
    text = once.text(
        {
            "time": "2026-11-25T01:02:03.000Z",
            "samples": [once.shown(Sample(_TIME, 1234)), once.shown(Sample(_SPEED, None))],
            "facts": {"bios": {"smodel": "OptiPlex 3040"}, "cpus": [{"core": 2}]},
        }
    )

    assert text == (
        "at 2026-11-25T01:02:03.000Z\n"
        "\n"
        "system.cpu.time             cpu.mode=user  12.34 s\n"
        "hw.network.bandwidth.limit  hw.id=eth0     - By/s\n"
        "\n"
        "bios:\n"
        "  smodel: OptiPlex 3040\n"
        "cpus:\n"
        "  -\n"
        "    core: 2\n"
    )


def test_the_agents_version_is_the_distributions() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")

    assert re.findall(r'^version = "(.+)"$', project, re.MULTILINE) == [version.VERSION]
