"""``machxa drill``: a scenario in, one JSON answer out, and a recording judged as the drill itself was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_collector.main import main

_SCENARIO = {
    "seed": 5,
    "start": "2026-03-10T08:00:00+07:00",
    "minutes": 60,
    "warm_up_minutes": 60,
    "province": "86",
    "units": {"default": {"count": 6, "pcs": 3}},
    "events": [
        {"at": 20, "until": 40, "fault": "power_cut", "unit": "28756"},
        {"at": 10, "until": 50, "maintenance": {"unit": "28777"}},
        {"at": 12, "until": 30, "fault": "line_down", "unit": "28777"},
    ],
}


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(_SCENARIO), encoding="utf-8")
    return file


def test_the_answer_is_one_object_in_the_shape_of_drills(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["drill", str(scenario)])

    answer = json.loads(capsys.readouterr().out)
    assert status == 0
    assert set(answer) == {"incidents", "notifications", "states"}
    assert set(answer["states"]) == {"communes_serving", "communes_without_data"}


def test_a_recording_is_judged_as_the_drill_was(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "week.jsonl"
    main(["drill", str(scenario), "--record", str(recording)])
    drilled = capsys.readouterr().out

    assert main(["drill", "--replay", str(recording)]) == 0
    assert capsys.readouterr().out == drilled


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "is no JSON"),
        ("[]", "expected an object"),
        (json.dumps({**_SCENARIO, "province": "00"}), "scenario.province"),
        ("[" * 100_000, "is no JSON"),
    ],
)
def test_what_is_no_scenario_is_refused_in_one_line(
    text: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(text, encoding="utf-8")

    status = main(["drill", str(file)])

    told = capsys.readouterr()
    assert (status, told.out) == (2, "")
    assert place in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("no json", "line 2 is no JSON"),
        ('{"at": 1, "topic": "mx/1/00/x/up", "payload": ""}', ""),
        ('{"at": "noon", "topic": "a"}', "line 2.at"),
        (
            '{"at": 1773104400, "topic": "mx/1/00/00000000-0000-0000-0000-000000000000/up", "payload": "7b7d"}',
            "the payload is refused",
        ),
        (
            '{"at": 1773104400, "topic": "mx/1/00/00000000-0000-0000-0000-000000000000/up", "payload": "xy"}',
            "payload is no hex",
        ),
    ],
)
def test_a_line_that_nobody_can_have_heard_is_named(
    line: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = {"scenario": {key: value for key, value in _SCENARIO.items() if key != "events"}, "assets": {}}
    file = tmp_path / "week.jsonl"
    file.write_text(json.dumps(head) + "\n" + line + "\n", encoding="utf-8")

    status = main(["drill", "--replay", str(file)])

    assert status == (2 if place else 0)
    assert place in capsys.readouterr().err
