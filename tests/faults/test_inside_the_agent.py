"""Bad probes, a stuck thread, a report without a line: they cost nothing else, and the centre sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from machxa_agent.report import drop, shown
from machxa_agent.report.told import Told
from machxa_agent.watchdog import EXIT_STUCK
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


def start(rig: Rig, program: str) -> None:
    """Start the agent by a program of these tests; it enrols by the real path when it has to."""
    token, config = rig.folder / "token", rig.folder / "agent.toml"
    if not token.exists():
        token.write_text(rig._token())
    config.write_text("sample_seconds = 1\nbatch_seconds = 1\n")
    enrolment = ["--enrol-url", f"http://127.0.0.1:{rig.page}", "--enrol-token-file", str(token)]
    where = ["--data", str(rig.folder / "agent"), "--config", str(config)]
    rig._spawn("agent", [str(ROOT / "tests/faults" / program), "run", *where, *enrolment])


def told(rig: Rig) -> dict[str, tuple[bool, str]]:
    """Return what the centre knows of each probe that has failed."""
    events = rig.get("/api/v1/events?limit=500")["events"]
    states = [one["attributes"] for one in events if one["name"] == "machxa.probe.state"]
    return {one["probe"]: (one["works"], one["reason"]) for one in states}


def ends(rig: Rig) -> list[dict[str, object]]:
    """Return why agents ended themselves, as the centre knows it."""
    events = rig.get("/api/v1/events?limit=500")["events"]
    return [one["attributes"] for one in events if one["name"] == "machxa.watchdog"]


def points(rig: Rig, name: str) -> list[object]:
    """Return the values of a metric that the centre holds, of all its series."""
    (asset,) = rig.get("/api/v1/assets")["assets"]
    series = rig.get(f"/api/v1/assets/{asset['id']}/samples?name={name}")["series"]
    return [value for one in series for _, value in one["points"]]


def test_bad_probes_cost_the_others_nothing_and_are_seen_in_the_centre(centre: Rig) -> None:
    start(centre, "bad_probes.py")

    centre.until("the centre knows of all three", lambda: len(told(centre)) == 3)
    centre.until("ten readings come while one hangs", lambda: len(points(centre, "system.uptime")) >= 10)

    assert told(centre) == {
        "raises": (False, "OSError: the device is gone"),
        "hangs": (False, "StuckError: has not returned"),
        "nonsense": (False, "NonsenseError: returned [nan], expected a tuple of samples"),
    }
    assert None not in points(centre, "system.uptime")
    assert None not in points(centre, "system.memory.usage")


def test_an_agent_that_stands_still_ends_and_its_next_start_tells_why(centre: Rig) -> None:
    start(centre, "stuck_agent.py")
    centre.until("it has ended", lambda: centre.processes["agent"].poll() is not None)

    ended = centre.processes["agent"].returncode
    start(centre, "bad_probes.py")
    centre.until("the centre knows why", lambda: bool(ends(centre)))

    assert (ended, [one["what"] for one in ends(centre)]) == (EXIT_STUCK, ["sampler"])


def test_a_report_dropped_without_a_line_reaches_the_centre_once(rig: Rig) -> None:
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
