"""Profiles are data: they are checked whole when they are read, and tell families by what devices say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import ENTERPRISES, Answers, Value, oid
from machxa_agent.snmp.identity import identity
from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.profiles import BadProfileError, DeviceKind, read_profiles

PROFILES = load_profiles()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param({"family": [{"name": "x"}]}, "names no device", id="no device"),
        pytest.param({"family": [{"name": "x", "objects": ["9"], "colour": 1}]}, "unknown colour", id="unknown key"),
        pytest.param({"family": [{"name": "x", "described": ["("]}]}, "pattern", id="no pattern"),
        pytest.param({"family": [{"name": "x", "objects": ["nine"]}]}, "no OID", id="no OID"),
        pytest.param({"family": [{"name": "x", "objects": ["9"], "kind": "fridge"}]}, "kind is 'fridge'", id="kind"),
        pytest.param(
            {"family": [{"name": "x", "objects": ["9"], "model": [{"from": "9.1.0", "call": "eval"}]}]},
            "call is 'eval'", id="a function that is not in the table",
        ),
        pytest.param(
            {"family": [{"name": "x", "objects": ["9"], "model": [{"from": "9.1.0", "pattern": "(a)(b)"}]}]},
            "2 groups", id="two groups",
        ),
        pytest.param({"enterprise": [{"numbers": ["9"], "vendor": "x"}]}, "whole numbers", id="numbers"),
        pytest.param({"rule": []}, "unknown rule", id="unknown table"),
    ],
)  # fmt: skip
def test_a_profile_that_is_not_understood_is_refused_with_its_place(body: dict[str, object], message: str) -> None:
    with pytest.raises(BadProfileError, match=message):
        read_profiles({"some.toml": body})


@pytest.mark.parametrize(
    ("object_id", "described", "expected"),
    [
        (
            "11.2.3.9.1",
            "HP ETHERNET MULTI-ENVIRONMENT,SN:MX0,FN:1,PID:HP Laser X1",
            ("printer", "HP", "HP Laser X1", "MX0", None),
        ),
        ("1347.41", "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT", ("printer", "HP", None, None, None)),
        (
            "367.1.1",
            "RICOH MP 0001 1.05 / RICOH Network Printer C model",
            ("printer", "Ricoh", "MP 0001", None, "1.05"),
        ),
        (
            "367.1.1",
            "Gestetner MP 0001/DSm1 1.05 / Gestetner Network Printer",
            ("printer", "Gestetner", "MP 0001/DSm1", None, "1.05"),
        ),
        (
            "641.2.1",
            "TOSHIBA e-STUDIO000CS version XX.Y1 kernel 3.0.0 All-N-1",
            ("printer", "Toshiba", "e-STUDIO000CS", None, "XX.Y1"),
        ),
        (
            "641.2.1",
            "Lexmark MX000 version LW1.XX kernel 3.0.0 All-N-1",
            ("printer", "Lexmark", "MX000", None, "LW1.XX"),
        ),
        ("18334.1", "KONICA MINOLTA bizhub C000", ("printer", "Konica Minolta", "bizhub C000", None, None)),
        ("", "Canon LBP000 /P", ("printer", "Canon", "LBP000", None, None)),
        (
            "9.1.1",
            "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(2)E1, RELEASE",
            ("switch", "Cisco", None, None, "15.2(2)E1"),
        ),
        (
            "9.1.2",
            "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.2(4)M3, RELEASE",
            ("router", "Cisco", None, None, "15.2(4)M3"),
        ),
        (
            "9.1.3",
            "Cisco IOS Software, C2600 Software (AP3G2-K9W7-M), Version 15.3(3)JC, RELEASE",
            ("ap", "Cisco", None, None, "15.3(3)JC"),
        ),
        (
            "11.2.3.7.11.1",
            "HP J0000A 0000-24G Switch, revision YA.1, ROM YA.1",
            ("switch", "HP", "J0000A 0000-24G", None, "YA.1"),
        ),
        (
            "25506.1.1",
            "H3C Comware Software, Version 7.1.064, Release 1\nH3C MSR00-20\nCopyright",
            ("router", "H3C", "MSR00-20", None, "7.1.064"),
        ),
        (
            "2011.2.23.1",
            "S0000-28P\r\nHuawei Versatile Routing Platform\r\nVRP (R) software,Version 5.1 (S0000 V200R1C1)",
            ("switch", "Huawei", "S0000-28P", None, "5.1 (S0000 V200R1C1)"),
        ),
        ("3902.3.100.1", "ZXR10 0000E Version Number 2.05.1", ("switch", "ZTE", "0000E", None, "2.05.1")),
        ("14988.1", "RouterOS RB000", ("router", "MikroTik", "RB000", None, None)),
        ("8072.3.2.10", "UAP-XX-Pro 4.3.20.1", ("ap", "Ubiquiti", "UAP-XX-Pro", None, "4.3.20.1")),
        ("8072.3.2.10", "Linux host 5.4.0-1-generic #1 SMP x86_64", ("server", "Linux", None, None, "5.4.0-1-generic")),
        (
            "7367",
            "DrayTek Corporation, Router Model: Vigor000, Version: 3.8, Build",
            ("router", "DrayTek", "Vigor000", None, "3.8"),
        ),
        (
            "318.1.3.27",
            "APC Web/SNMP Management Card (MB:v4 PF:v6.4.0 AN1:x_sumx_640.bin MN:AP0 SN: MX1)",
            ("ups", "APC", None, None, "v6.4.0"),
        ),
        ("1.3.6.1.2.1", "", (None, None, None, None, None)),
    ],
)
def test_a_family_is_told_by_sysdescr_first_and_then_by_sysobjectid(
    object_id: str, described: str, expected: tuple[str | None, ...]
) -> None:
    scalars: dict[tuple[int, ...], Value] = {oid(mib.SYS_DESCR): described.encode()}
    if object_id:
        scalars[mib.SYS_OBJECT_ID_OID] = oid(object_id) if object_id.startswith("1.") else ENTERPRISES + oid(object_id)

    told = identity(Answers(scalars=scalars), PROFILES)

    kind = told.kind.value if told.kind else None
    assert (kind, told.vendor, told.model, told.serial, told.firmware) == expected


def test_a_device_behind_net_snmps_own_number_is_told_by_its_makers_tree() -> None:
    answers = Answers(
        scalars={oid(mib.SYS_DESCR): b"Linux nas 4.4", mib.SYS_OBJECT_ID_OID: (*ENTERPRISES, 8072, 3, 2, 10)},
        trees=frozenset({(*ENTERPRISES, 6574)}),
    )

    told = identity(answers, PROFILES)

    assert (told.kind, told.vendor) == (DeviceKind.NAS, "Synology")


def test_a_device_that_only_has_a_table_of_supplies_is_a_printer() -> None:
    assert identity(Answers(trees=frozenset({mib.PRINTER})), PROFILES).kind is DeviceKind.PRINTER


def test_every_family_has_its_row_in_the_docs() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "snmp.md").read_text(encoding="utf-8")

    assert [one.name for one in PROFILES.families if f"| `{one.name}` |" not in documented] == []


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ("Acme Networks XR-900 Router", ("XR-900", None, None)),
        ("Router, Model: XR-900, S/N: MX00012345, FW: 1.2.3", ("XR-900", "MX00012345", "1.2.3")),
        ("XR900, v2.10.4", ("XR900", None, "2.10.4")),
        ("Acme Built-in 11b/g/n Print Server", (None, None, None)),
        ("a switch that somebody named", (None, None, None)),
        (
            "Acme Net 24-Port Gigabit Managed Switch",
            ("Acme Net 24-Port Gigabit Managed Switch", None, None),
        ),  # all it says, and not "24-Port"
    ],
)
def test_of_a_maker_that_nobody_knows_only_shapes_that_many_share_are_believed(
    described: str, expected: tuple[str | None, ...]
) -> None:
    scalars: dict[tuple[int, ...], Value] = {oid(mib.SYS_DESCR): described.encode()}
    scalars[mib.SYS_OBJECT_ID_OID] = (*ENTERPRISES, 999999, 1)

    told = identity(Answers(scalars=scalars), PROFILES)

    assert (told.model, told.serial, told.firmware) == expected


def test_dell_and_lexmark_say_model_serial_and_firmware_in_hrdevicedescr() -> None:
    answers = Answers(
        scalars={mib.SYS_OBJECT_ID_OID: (*ENTERPRISES, 641, 2, 1), oid(mib.SYS_DESCR): b"Lexmark MX000de"},
        columns={
            oid(mib.HR_DEVICE_TYPE): {(1,): mib.HR_PRINTER_TYPE},
            oid(mib.HR_DEVICE_DESCR): {(1,): b"Lexmark MX000de 7000XX1 LW62.SB2.P480"},
        },
    )

    told = identity(answers, PROFILES)

    assert (told.model, told.serial, told.firmware) == ("MX000de", "7000XX1", "LW62.SB2.P480")
