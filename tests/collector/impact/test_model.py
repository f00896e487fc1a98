from __future__ import annotations

from importlib import resources

import pytest

from machxa_collector.impact import BadModel, Channel, Group, Kind, Need, Stage, System, default_model, read_model

SHIPPED = resources.files("machxa_collector.impact").joinpath("defaults.toml").read_text("utf-8")


def test_the_shipped_assumptions_carry_a_version_and_a_source() -> None:
    model = default_model()

    assert model.version == "2026-11-25"
    assert "tỉnh thí điểm" in model.source


def test_the_needs_of_a_stage_are_the_common_ones_and_the_groups() -> None:
    needs = default_model().needs[Group.LAND, Channel.DIRECT, Stage.LOOK_UP]

    hard = Need(kind=Kind.HARD)
    assert needs == {
        System.POWER: hard,
        System.PC: hard,
        System.LINE: hard,
        System.DOSSIER: Need(kind=Kind.SOFT, weight=0.5),
        System.LAND: hard,
    }


def test_a_province_may_say_that_a_group_does_not_need_something() -> None:
    row = '[[need]]\nstage = "process"\ngroup = "HT"\nneeds = { documents = "none" }\n'

    model = read_model(SHIPPED + row)

    assert System.DOCUMENTS not in model.needs[Group.CIVIL_STATUS, Channel.DIRECT, Stage.PROCESS]
    assert System.DOCUMENTS in model.needs[Group.LAND, Channel.DIRECT, Stage.PROCESS]


def test_paper_takes_nothing_of_what_comes_online() -> None:
    paper = default_model().paper

    assert paper[Group.CERTIFICATION, Channel.DIRECT, Stage.RECEIVE_DIRECT] == 0.9
    assert not [place for place in paper if place[1] is Channel.ONLINE]


REFUSED = {
    "no version": ('version = "2026-11-25"', 'version = ""', "version"),
    "no source": ("[pace]", "[pace]\nnote = 1", "note"),
    "a weight over 1": ("printer = 0.2, population = 0.3", "printer = 1.2, population = 0.3", "printer|<= 1|needs"),
    "an unknown system": ('scanner = "defer", copier', 'skaner = "defer", copier', "skaner"),
    "an unknown word": ('storage = "defer" }\n[[need]]', 'storage = "later" }\n[[need]]', "later|needs"),
    "thresholds that fall": ("p1_ratio = 0.25", "p1_ratio = 0.05", "expected to rise"),
    "shares that do not sum to 1": ("DD = 0.15\nXD", "DD = 0.25\nXD", "sum to"),
    "a stage twice on a path": ('"issue", "archive"]\n[paths', '"issue", "issue"]\n[paths', "stage twice"),
    "the same needs twice": ('stage = "scan"', 'stage = "receive_online"', "given twice"),
    "sign-in as a need": ("pc = 0.3, line", "sign_in = 0.3, line", "sign_in"),
    "a share that is no number": ("online_ratio = 0.6", "online_ratio = nan", "expected one with an end"),
    "a pace without end": ("stage_minutes = 10", "stage_minutes = inf", "expected one with an end"),
    "no TOML": ("[pace]", "[pace", "not as expected"),
}


@pytest.mark.parametrize(("old", "new", "said"), REFUSED.values(), ids=REFUSED)
def test_assumptions_that_cannot_be_used_are_refused(old: str, new: str, said: str) -> None:
    assert old in SHIPPED

    with pytest.raises(BadModel, match=said):
        read_model(SHIPPED.replace(old, new, 1))
