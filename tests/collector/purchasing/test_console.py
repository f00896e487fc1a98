"""``machxa plan`` as a person types it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from machxa_collector.main import main
from machxa_collector.planning.budget import Plan, greedy
from machxa_collector.planning.bundles import Choices
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.chosen import Unsolved
from machxa_collector.purchasing import bench


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a data folder in which the staff of one commune and prices are kept."""
    folder = tmp_path_factory.mktemp("plan")
    (folder / "units.csv").write_text("unit;vi;vii;viii\n29410;1;3;8\n")
    (folder / "prices.csv").write_text("item;vnd;source\npc;15500000;QĐ\nprinter;8200000;QĐ\n")
    kept = str(folder / "data")
    for kind in ("units", "prices"):
        assert main(["plan", "keep", kind, str(folder / f"{kind}.csv"), "--reason", "thử", "--data", kept]) == 0
    return kept


def test_a_ceiling_gives_a_plan_with_its_figures(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["plan", "--ceiling", "50000000", "--json", "--data", data])

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert 0 < told["shared_vnd"] <= 50_000_000
    assert (told["communes"], told["floor"], told["floor_waiting"]) == (1, [1, 1], 1)


def test_a_workbook_is_written_and_another_form_refused(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ke-hoach.xlsx"

    assert main(["plan", "--ceiling", "50000000", "--out", str(out), "--data", data]) == 0
    assert main(["plan", "--ceiling", "1", "--out", str(tmp_path / "a.pdf"), "--data", data]) == 1

    assert out.read_bytes()[:2] == b"PK"
    assert ".xlsx" in capsys.readouterr().err


def test_a_solver_that_proves_nothing_in_its_time_is_told_with_what_to_do_next(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exact = pytest.importorskip("machxa_collector.planning.exact", reason="needs machxa[optimize]")

    def unsolved(*_: object) -> Plan:
        raise Unsolved("HiGHS ended after 60 s")

    monkeypatch.setattr(exact, "solve", unsolved)

    assert main(["plan", "--ceiling", "50000000", "--exact", "--data", data]) == 1
    assert "without --exact" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["plan", "--name", "B"], "no scenario is kept"),
        (["plan", "keep", "tanks", "{file}"], "expected a kind"),
        (["plan", "keep", "scenario", "{file}"], "--name"),
        (["plan", "keep", "rules", "{file}"], "not as expected"),
        (["plan", "keep", "rules", "{file}x"], "cannot be read"),
    ],
    ids=["no scenario", "no such kind", "a scenario without a name", "a bad paper", "no file"],
)
def test_what_cannot_be_done_is_said_in_one_line(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], typed: list[str], told: str
) -> None:
    paper = tmp_path / "paper"
    paper.write_text("[choice")

    status = main([*(word.replace("{file}", str(paper)) for word in typed), "--data", data])

    said = capsys.readouterr().err
    assert (status, said.count("\n")) == (1, 1)
    assert told in said


def test_without_the_solver_the_extra_is_named(
    data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    monkeypatch.delitem(sys.modules, "machxa_collector.planning.exact", raising=False)

    status = main(["plan", "--ceiling", "1", "--exact", "--data", data])

    assert status == 2
    assert "machxa[optimize]" in capsys.readouterr().err


def test_a_solved_plan_prints_its_json_alone(data: str, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("highspy", reason="needs machxa[optimize]")

    status = main(["plan", "--ceiling", "50000000", "--exact", "--json", "--data", data])

    told = json.loads(capfd.readouterr().out)
    assert (status, told["exact"], told["floor"]) == (0, True, [1, 1])


def test_papers_are_listed_with_version_and_reason(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "papers", "--data", data]) == 0

    assert "prices\t\t1\t" in capsys.readouterr().out


def test_the_benchmarks_json_stands_alone_when_it_solves(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def loud(all_: Sequence[Choices], ceilings: Ceilings) -> Plan:
        os.write(1, b"a library says its name\n")  # HiGHS does so once a process
        return greedy(all_, ceilings)

    monkeypatch.setattr(bench, "_solver", lambda: loud)

    bench.main(["--communes", "34", "--exact", "--json"])

    assert json.loads(capfd.readouterr().out)["exact_hours"] > 0


def test_a_person_is_told_in_words_and_of_an_empty_registry_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "--ceiling", "2000000000", "--data", str(tmp_path)]) == 0

    told = capsys.readouterr().out
    assert "Nếu thêm (with this much more): 50.000.000 đồng" in told
    assert "Cách mức đó (distance to that): 0,00 %" in told
    assert "machxa init --province" in told
    assert "_vnd" not in told
