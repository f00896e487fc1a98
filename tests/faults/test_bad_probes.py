"""A probe that raises, hangs or returns nonsense costs the others nothing, and the centre sees which one it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from machxa_fleet import mosquitto
from tests.faults.rig import ROOT, Rig

pytestmark = pytest.mark.faults


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Rig]:
    """Return a rig whose broker and collector have started."""
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed: the fault tests run through a real broker")
    made = Rig(tmp_path)
    try:
        made.start_broker()
        made.start_collector()
        yield made
    finally:
        made.stop()


def told(rig: Rig) -> dict[str, tuple[bool, str]]:
    """Return what the centre knows of each probe that has failed."""
    events = rig.get("/api/v1/events?limit=500")["events"]
    states = [one["attributes"] for one in events if one["name"] == "machxa.probe.state"]
    return {one["probe"]: (one["works"], one["reason"]) for one in states}


def points(rig: Rig, name: str) -> list[object]:
    """Return the values of a metric that the centre holds, of all its series."""
    (asset,) = rig.get("/api/v1/assets")["assets"]
    series = rig.get(f"/api/v1/assets/{asset['id']}/samples?name={name}")["series"]
    return [value for one in series for _, value in one["points"]]


def test_bad_probes_cost_the_others_nothing_and_are_seen_in_the_centre(centre: Rig) -> None:
    (centre.folder / "token").write_text(centre._token())
    (centre.folder / "agent.toml").write_text("sample_seconds = 1\nbatch_seconds = 1\n")
    enrolment = ["--enrol-url", f"http://127.0.0.1:{centre.page}", "--enrol-token-file", str(centre.folder / "token")]
    where = ["--data", str(centre.folder / "agent"), "--config", str(centre.folder / "agent.toml")]
    centre._spawn("agent", [str(ROOT / "tests/faults/bad_probes.py"), "run", *where, *enrolment])

    centre.until("the centre knows of all three", lambda: len(told(centre)) == 3)
    centre.until("ten readings come while one hangs", lambda: len(points(centre, "system.uptime")) >= 10)

    assert told(centre) == {
        "raises": (False, "OSError: the device is gone"),
        "hangs": (False, "StuckError: has not returned"),
        "nonsense": (False, "NonsenseError: returned [nan], expected a tuple of samples"),
    }
    assert None not in points(centre, "system.uptime")
    assert None not in points(centre, "system.memory.usage")


def test_a_report_dropped_without_a_line_reaches_the_centre_once(rig: Rig) -> None:
    from machxa_agent.report import drop, shown  # noqa: PLC0415 - the rest of this file needs no agent in this process
    from machxa_agent.report.told import Told  # noqa: PLC0415

    assert rig.agent_data is not None
    window = rig.agent_data / "window"
    rig.kill("broker")
    id_ = drop.put(window / "drop", Told("printer", "error", 0, note="Kẹt giấy"))
    rig.until("the agent takes it", lambda: not list((window / "drop").iterdir()))
    rig.kill("agent")

    rig.start_broker()
    rig.start_agent()
    rig.until("it arrives", lambda: bool(rig.get("/api/v1/reports")["reports"]))
    rig.until("the window knows", lambda: [one.state for one in shown.read(window).reports] == ["sent"])

    (report,) = rig.get("/api/v1/reports")["reports"]
    (asset,) = rig.get("/api/v1/assets")["assets"]
    assert [report[name] for name in ("source", "category", "symptom", "text", "agent")] == [
        "agent",
        "printer",
        "error",
        "Kẹt giấy",
        asset["agent"]["id"],
    ]
    assert [one.id for one in shown.read(window).reports] == [id_]
