"""The catalogue of systems: what ships is sound, what a province writes is checked, merged and written as it was."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.checks.catalogue import (
    BadCatalogue,
    Catalogue,
    Owner,
    Source,
    builtin,
    differences,
    merged,
    read,
    settled,
    write,
)
from machxa_collector.checks.watched import watched
from machxa_collector.impact.words import Group
from machxa_collector.impact.words import System as SystemClass
from machxa_wire.catalogue import MAX_CATALOGUE, Check, allows
from machxa_wire.policy import Policy, read_policy, write_policy

OWN = """
version = 2
networks = ["10.86.0.0/16"]

[[system]]
id = "dossier"
vi = "Một cửa tỉnh"
en = "dossiers"
owner = "province"
class = "dossier"
groups = ["HT"]
[[system.check]]
id = "dossier"
kind = "http"
host = "motcua.tinh.test"
path = "/login"
keyword = "Đăng nhập \\"một cửa\\""
on = "all"

[[system]]
id = "lgsp"
vi = "Trục của tỉnh"
en = "the province's bus"
owner = "province"
[[system.check]]
id = "lgsp"
kind = "tcp"
host = "10.86.1.2"
port = 8080
"""
SYSTEM = {"id": "x", "vi": "x", "en": "x", "owner": "province"}
CHECK = {"id": "c", "kind": "http", "host": "a.test"}


def test_what_ships_is_sound_and_leaves_room_for_a_province() -> None:
    shipped = builtin()
    classes = {one.value for one in SystemClass}

    assert read(write(shipped)) == shipped
    assert len(shipped.checks) + 15 < MAX_CATALOGUE
    assert {one.system_class for one in shipped.systems} - {None} <= classes
    assert {group for one in shipped.systems for group in one.groups} == {one.value for one in Group}
    assert all(one.owner is Owner.NATION for one in shipped.systems if one.checks)
    assert [one.id for one in shipped.systems if one.source is not Source.CHECK and one.checks] == []
    assert sum(86400 / one.every_seconds for one in shipped.checks) < 4000
    assert [one.keyword for one in shipped.checks if one.keyword] == []


def test_every_host_that_ships_is_one_that_was_seen() -> None:
    assert [
        one.id for one in builtin().systems if bool(one.checks) and one.hosts_seen not in ("high", "medium", "low")
    ] == []


def test_a_provinces_own_stands_in_for_the_product_s_and_the_rest_stays() -> None:
    whole = merged(builtin(), read(OWN))

    assert [one.id for one in whole.systems] == [*(one.id for one in builtin().systems), "lgsp"]
    assert whole.version == 2
    assert whole.systems[0].checks == (
        Check(
            "dossier", "dossier", "http", "motcua.tinh.test", 443, "/login", 'Đăng nhập "một cửa"', "verify", on="all"
        ),
    )
    assert differences(builtin(), whole) == read(OWN)
    assert read(write(whole)) == whole


def test_its_checks_go_into_a_policy_with_their_hosts() -> None:
    whole = merged(builtin(), read(OWN))
    policy = Policy(1, whole.hosts, tuple(one.id for one in whole.checks), catalogue=whole.checks)

    assert read_policy(write_policy(policy)) == policy
    assert all(allows(policy.hosts, one.host, one.port) for one in policy.catalogue)
    assert allows(policy.hosts, "10.86.200.1", 443)


def test_the_judgement_is_told_of_checked_systems_alone() -> None:
    whole = merged(builtin(), read(OWN))
    told = {one.id: one for one in watched(whole)}

    assert (told["dossier"].owner.value, told["dossier"].checks, told["dossier"].takes_dossiers) == (
        "province",
        ("dossier",),
        True,
    )
    assert (told["signature"].owner.value, told["signature"].interval_s) == ("national", 300)
    assert "population" not in told
    assert len(told) == 30


@pytest.mark.parametrize(
    "change",
    [
        {"id": "X"},
        {"id": None},
        {"vi": ""},
        {"en": "a\nb"},
        {"owner": "nobody"},
        {"class": "printer"},
        {"groups": ["ZZ"]},
        {"source": "guess"},
        {"hosts_seen": "perhaps"},
        {"enabled": "yes"},
        {"colour": "red"},
        {"check": [{**CHECK, "host": "a.test:80"}]},
        {"check": [{**CHECK, "password": "x"}]},
        {"check": [CHECK, CHECK]},
        {"check": [{**CHECK, "keyword": ""}]},
        {"check": "x"},
    ],
    ids=str,
)
def test_a_slip_is_told(change: Mapping[str, object]) -> None:
    with pytest.raises(BadCatalogue):
        read(toml({**SYSTEM, **change}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = 0",
        "version = true",
        "version = 1\nsystem = 3",
        "version = 1\nx = 1",
        "version = [",
        "version = 1\nnetworks = ['x y']",
    ],
)
def test_what_is_no_catalogue_is_told(text: str) -> None:
    with pytest.raises(BadCatalogue):
        read(text)


def test_one_id_in_two_systems_is_told() -> None:
    with pytest.raises(BadCatalogue, match="one id"):
        merged(builtin(), read(toml({**SYSTEM, "check": [{**CHECK, "id": "portal"}]})))


@given(
    st.text(min_size=1, max_size=60).filter(str.isprintable), st.text(min_size=1, max_size=60).filter(str.isprintable)
)
def test_whatever_words_a_province_uses_come_back_as_they_were(vi: str, keyword: str) -> None:
    text = toml({**SYSTEM, "vi": vi, "check": [{**CHECK, "keyword": keyword}]})
    assert isinstance(tomllib.loads(text), dict)

    found: Catalogue = read(text)

    assert (found.systems[0].vi, found.checks[0].keyword) == (vi, keyword)
    assert read(write(found)) == found


def toml(system: Mapping[str, object]) -> str:
    import json  # noqa: PLC0415

    checks = system.get("check", [])
    lines = ["version = 2", "[[system]]"]
    lines += [
        f"{name} = {json.dumps(one, ensure_ascii=False)}"
        for name, one in system.items()
        if name != "check" and one is not None
    ]
    if not isinstance(checks, list):
        return "\n".join([*lines, f"check = {json.dumps(checks)}"])
    for check in checks:
        lines += [
            "[[system.check]]",
            *(f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in check.items()),
        ]
    return "\n".join(lines)


def test_what_clashes_with_a_newer_product_is_set_aside_and_the_rest_holds() -> None:
    mine = replace(builtin().systems[0], id="mine", vi="Của tỉnh")
    taken = next(one for one in builtin().systems if one.checks)
    clash = replace(taken, id="other")  # its checks have the ids of another system's
    own = Catalogue(version=9, systems=(clash, mine))

    found, troubles = settled(builtin(), own)

    assert [one.id for one in found.systems if one.id in ("mine", "other")] == ["mine"]
    assert [trouble.split(":")[0] for trouble in troubles] == ["other"]
    assert settled(builtin(), replace(own, systems=(mine,)))[1] == ()
