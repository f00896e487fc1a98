"""What the agent writes down of itself is there when it changes, and a quarter of an hour old at most."""

from __future__ import annotations

from pathlib import Path

from machxa_agent import status


def test_it_is_written_when_it_changes_and_each_quarter_of_an_hour(tmp_path: Path) -> None:
    now = [1_000_000.0]
    noted = status.Noted(tmp_path, lambda: now[0])
    written: list[object] = []
    for seconds, link in ((0, "up"), (300, "up"), (1, "down"), (899, "down"), (1, "down"), (-5000, "down")):
        now[0] += seconds
        (tmp_path / "status.json").unlink(missing_ok=True)
        noted.note({"link": link})
        written.append(status.read(tmp_path).get("noted_at"))

    assert written == [
        "1970-01-12T13:46:40Z",
        None,
        "1970-01-12T13:51:41Z",
        None,
        "1970-01-12T14:06:41Z",
        "1970-01-12T12:43:21Z",
    ]
