"""Several sites: a provider, a cable in one area, our own line; systems voted on; too few sites to vote."""

from __future__ import annotations

import pytest

from machxa_collector.incidents.words import Cause, Layer, Told
from tests.collector.incidents.province import MINUTE, Town, fleet

SIX = ("VNPT", "VNPT", "VNPT", "Viettel", "Viettel", "Viettel")
WIDE = ("VNPT",) * 10 + ("Viettel",) * 3


def _codes(*numbers: int) -> tuple[str, ...]:
    return tuple(f"{number:05}" for number in numbers)


@pytest.mark.parametrize(
    ("providers", "dark", "told"),
    [
        (SIX, (3, 4, 5), [("provider", "Viettel")]),
        (SIX, (3, 4), [("provider", "Viettel")]),
        (SIX, (3, 4, 0), [("provider", "Viettel"), ("power_or_line", "00000")]),
        (SIX, (0, 1, 3, 4), [("power_or_line", code) for code in _codes(0, 1, 3, 4)]),
        (WIDE, (2, 3, 4), [("provider_area", "VNPT")]),
        (WIDE, (0, 5, 9), [("power_or_line", code) for code in _codes(0, 5, 9)]),
        (SIX, (0, 1, 2, 3, 4, 5), [("centre", "centre")]),
        (SIX[2:], (1, 2, 3), [("power_or_line", code) for code in _codes(1, 2, 3)]),
    ],
    ids=[
        "all of a provider",
        "two of its three at one moment",
        "one of the others by chance",
        "as many of the others: nobody's",
        "neighbours of one provider",
        "far from each other",
        "all: it is we who are blind",
        "fewer than five enrolled: no vote",
    ],
)
def test_sites_that_go_dark_at_one_moment_are_explained_by_the_widest_vote_that_holds(
    providers: tuple[str, ...], dark: tuple[int, ...], told: list[tuple[str, str]]
) -> None:
    town = Town(fleet(providers))
    town.wait(10, 60)

    for code in _codes(*dark):
        town.darken(code)
    town.wait(3)

    assert sorted(town.told()) == sorted(told)


def test_a_provider_is_told_once_and_its_sites_are_its_children() -> None:
    town = Town(fleet(SIX))
    for code in _codes(3, 4, 5):
        town.darken(code)
        town.now += 15_000

    town.wait(20)

    (one,) = town.judge.incidents()
    assert (one.first_cause, one.layer, one.witnesses, one.children) == (Cause.POWER_OR_LINE, Layer.WAN, 3, 15)
    assert one.noticed_at == town.judge.absorbed()[0].noticed_at
    assert {child.merged_into for child in town.judge.absorbed()} == {one.id}
    assert [(notice.told, notice.incident) for notice in town.judge.take_notifications()] == [(Told.OPENED, one.id)]


def test_a_site_without_power_is_taken_out_of_its_provider_s_outage_when_it_comes_back() -> None:
    town = Town(fleet(SIX))
    for code in _codes(3, 4, 5):
        town.darken(code)
    town.wait(20)

    for code in _codes(3, 4):
        town.connect(f"{code}-1")
        town.connect(f"{code}-2")
    for number in (1, 2, 3):
        town.reboot(f"00005-{number}", "unexpected")
    town.wait(5)

    assert sorted(town.told()) == [("power", "00005"), ("provider", "Viettel")]


def test_a_site_that_stays_dark_when_the_others_are_back_stands_on_its_own() -> None:
    town = Town(fleet(SIX))
    for code in _codes(3, 4, 5):
        town.darken(code)
    town.wait(20)

    for code in _codes(3, 4):
        town.connect(f"{code}-1")
    town.wait(15)

    provider, site = town.judge.incidents()
    assert (provider.cause, site.subject, site.ended_at) == (Cause.PROVIDER, "00005", None)
    assert provider.ended_at is not None


def test_while_the_centre_is_blind_there_is_one_incident_and_nothing_else() -> None:
    town = Town(fleet(SIX))
    town.wait(10)
    cut = town.now
    town.wait(0.5)
    town.judge.blind(cut)
    for code in _codes(0, 1, 2, 3, 4, 5):
        town.darken(code)
    town.wait(20)

    town.judge.blind(None)
    for code in _codes(0, 1, 2, 3, 4, 5):
        town.connect(f"{code}-1")
    town.wait(10)

    (one,) = town.judge.incidents()
    assert (one.cause, one.layer, one.started_at) == (Cause.CENTRE, Layer.CENTRE, cut)
    assert one.ended_at is not None
    assert [notice.told for notice in town.judge.take_notifications()] == [Told.OPENED, Told.ENDED]


@pytest.mark.parametrize(
    ("system", "bad", "told"),
    [
        ("dossier", (0, 1, 2, 3, 4), [("provincial_system", "dossier")]),
        ("civil", (0, 1, 2, 3, 4), [("national_system", "civil")]),
        ("dossier", (0, 1, 2), []),
        ("dossier", (), []),
    ],
    ids=["the province's", "a ministry's", "too few", "none"],
)
def test_a_system_is_down_when_most_sites_of_several_providers_find_it_so(
    system: str, bad: tuple[int, ...], told: list[tuple[str, str]]
) -> None:
    town = Town(fleet(SIX))
    for code in _codes(*range(6)):
        town.check(code, system, "ok")
    town.wait(10, 60)
    began = town.now

    for code in _codes(*bad):
        town.now += 40_000
        town.check(code, system, "hang")
    town.wait(2)

    assert town.told() == told
    assert all(began <= one.started_at <= began + MINUTE for one in town.judge.incidents())


def test_sites_of_one_provider_alone_do_not_vote_a_system_down_where_another_is_well() -> None:
    town = Town(fleet(("VNPT",) * 8 + ("Viettel",)))
    for code in _codes(*range(9)):
        town.check(code, "dossier", "ok")

    for code in _codes(*range(8)):
        town.check(code, "dossier", "down")
    town.wait(5)

    assert "provincial_system" not in {cause for cause, _ in town.told()}


def test_a_site_whose_own_line_is_cut_has_no_vote() -> None:
    town = Town(fleet(SIX))
    for code in _codes(*range(6)):
        town.check(code, "dossier", "ok")
    for code in _codes(0, 1, 2, 3):
        town.line(code, "down")

    for code in _codes(0, 1, 2, 3, 4):
        town.check(code, "dossier", "down")
    town.wait(3)

    assert "provincial_system" not in {cause for cause, _ in town.told()}


def test_checks_that_failed_behind_a_cut_line_are_no_votes_when_the_backlog_comes() -> None:
    town = Town(fleet(SIX))
    for code in _codes(*range(6)):
        town.check(code, "dossier", "ok")
    for code in _codes(3, 4, 5, 0, 1, 2):
        town.darken(code)
    began = town.now
    town.wait(30, 60)

    for code in _codes(*range(6)):
        town.connect(f"{code}-1", waiting=1)
        town.check(code, "dossier", "down", began + 5 * MINUTE)
    town.wait(20)

    assert {cause for cause, _ in town.told()} == {"centre"}


def test_in_a_pilot_of_a_few_sites_only_the_layer_is_named() -> None:
    town = Town(fleet(("VNPT", "Viettel", "VNPT")))
    for code in _codes(0, 1, 2):
        town.check(code, "dossier", "ok")

    for code in _codes(0, 1, 2):
        town.check(code, "dossier", "down")
    town.wait(12, 60)

    (one,) = [one for one in town.judge.incidents() if one.subject == "dossier"]
    assert (one.cause, one.layer, one.learning) == (Cause.UNKNOWN, Layer.PROVINCE, True)


def test_a_system_that_fails_now_and_then_is_intermittent() -> None:
    town = Town(fleet(SIX))
    for code in _codes(*range(6)):
        town.check(code, "dossier", "ok")
    town.wait(10, 60)

    for turn in range(12):
        for number, code in enumerate(_codes(*range(6))):
            failed = (turn + number) % 3 == 0
            town.check(code, "dossier", "error" if failed else "ok")
            town.sample(f"{code}-1", "machxa.check.success", int(not failed), check="dossier")
            town.wait(0.4, 24)

    (one,) = town.judge.incidents()
    assert (one.cause, one.state) == (Cause.PROVINCIAL_SYSTEM, "intermittent")


def test_a_system_is_slow_against_what_is_usual() -> None:
    town = Town(fleet(SIX))
    for seconds in (1, 2, 1, 1, 7, 8):
        for code in _codes(*range(6)):
            town.check(code, "dossier", "ok")
            town.sample(f"{code}-1", "machxa.check.duration", seconds, check="dossier", phase="total")
            town.wait(0.5, 30)

    assert town.told() == [("provincial_system", "dossier")]


def test_a_system_that_was_always_slow_is_not_told_at_night() -> None:
    town = Town(fleet(SIX))
    for _ in range(8):
        for code in _codes(*range(6)):
            town.check(code, "dossier", "ok")
            town.sample(f"{code}-1", "machxa.check.duration", 9, check="dossier", phase="total")
            town.wait(0.5, 30)

    assert town.told() == []
