"""Families met more rarely say who they are in sysDescr; the lines are of our own invention, in the makers' grammar."""

from __future__ import annotations

import pytest

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import ENTERPRISES, Answers, Value, oid
from machxa_agent.snmp.identity import identity
from machxa_agent.snmp.load import load_profiles

PROFILES = load_profiles()


@pytest.mark.parametrize(
    ("number", "described", "expected"),
    [
        ((44641,), "VyOS 9.9.1", ("router", "VyOS", None, None, "9.9.1")),
        ((46242,), "Netonix WS-00-250-AC", ("switch", "Netonix", "WS-00-250-AC", None, None)),
        (
            (20992, 1),
            "Cradlepoint XX000LP6, Firmware Version 9.4.0.Release.2026-01-02",
            ("router", "Cradlepoint", "XX000LP6", None, "9.4.0.Release.2026"),
        ),
        (
            (8744, 1),
            "HP MSM000 - Hardware revision 00-01 - Serial number ZZ00000001 - Firmware version 9.5.0.0-01-0001",
            ("ap", "HP", "MSM000", "ZZ00000001", "9.5.0.0-01-0001"),
        ),
        (
            (3224, 1),
            "SSG000-Serial version 9.3.0r1.0 (SN: 0000000000000001, Firewall+VPN)",
            ("router", "Juniper", "SSG000-Serial", "0000000000000001", "9.3.0r1.0"),
        ),
        (
            (664, 1),
            "NetVanta 0000, Version: R99.1.E, Date: Mon Jan 01 2026",
            (None, "ADTRAN", "NetVanta 0000", None, "R99.1.E"),
        ),
        (
            (40418, 7),
            (
                "SNR-S0000-8T Device, Compiled on Jan 01 2026\n SoftWare Version 9.0.3.5(R0000.0001)\n"
                " Serial No.:SW000000F000000001"
            ),
            ("switch", "SNR", "SNR-S0000-8T", "SW000000F000000001", "9.0.3.5(R0000.0001)"),
        ),
        ((35265, 1), "MES0000 AC 28-port 1G Managed Switch", ("switch", "Eltex", "MES0000", None, None)),
        ((19746, 3), "Data Domain OS 9.5.1.0", ("nas", "Data Domain", None, None, "9.5.1.0")),
        (
            (13742, 4),
            "Raritan Dominion PX - Firmware Version 010500-00001",
            ("ups", "Raritan", "PX", None, "010500-00001"),
        ),
        (
            (5624, 2),
            "Enterasys Networks, Inc. C0G000-24 Rev 09.61.06.0001",
            ("switch", "Extreme Networks", "C0G000-24", None, "09.61.06.0001"),
        ),
        (
            (4329, 20, 1),
            "Siemens, SIMATIC NET, SCALANCE X000-8, 6GK5 000-0AA00, HW: Version 9, FW: Version V09.01.01, ZZZ0000001",
            ("switch", "Siemens", "SCALANCE X000-8", "ZZZ0000001", "09.01.01"),
        ),
        (
            (16177, 1),
            "Westermo Lynx L000-F2G, primary: v9.13.2, backup: v9.0.0",
            ("switch", "Westermo", "Lynx L000-F2G", None, "9.13.2"),
        ),
        (
            (15004, 2),
            "RuggedCom RS000 v9",
            ("switch", "RuggedCom", "RS000", None, None),
        ),
        (
            (5951, 1),
            "NetScaler NS99.5: Build 56.22.nc, Date: Jan 1 2026",
            ("router", "Citrix", None, None, "99.5: Build 56.22.nc"),
        ),
    ],
)
def test_a_rare_family_is_known_by_its_own_words(
    number: tuple[int, ...], described: str, expected: tuple[str | None, ...]
) -> None:
    scalars: dict[tuple[int, ...], Value] = {oid(mib.SYS_DESCR): described.encode()}
    scalars[mib.SYS_OBJECT_ID_OID] = (*ENTERPRISES, *number)

    told = identity(Answers(scalars=scalars), PROFILES)

    kind = told.kind.value if told.kind else None
    assert (kind, told.vendor, told.model, told.serial, told.firmware) == expected


def test_a_usb_bridge_that_linux_lists_as_an_entity_is_neither_model_nor_serial() -> None:
    columns: dict[tuple[int, ...], dict[tuple[int, ...], Value]] = {
        oid(mib.ENT_MODEL): {(1,): b"0x0002"},
        oid(mib.ENT_SERIAL): {(1,): b"1e1c0000.xhci"},
    }
    scalars: dict[tuple[int, ...], Value] = {mib.SYS_OBJECT_ID_OID: (*ENTERPRISES, 999999, 1)}

    told = identity(Answers(scalars=scalars, columns=columns), PROFILES)

    assert (told.model, told.serial) == (None, None)


@pytest.mark.parametrize(
    ("trees", "kind"),
    [
        ({mib.DOT11, mib.BRIDGE}, "ap"),
        ({mib.BRIDGE, mib.HOST}, "switch"),
        ({mib.HOST}, "server"),
    ],
    ids=["802.11", "a bridge", "neither"],
)
def test_what_runs_net_snmp_is_an_access_point_or_a_switch_where_it_does_what_they_do(
    trees: set[tuple[int, ...]], kind: str
) -> None:
    scalars: dict[tuple[int, ...], Value] = {oid(mib.SYS_DESCR): b"Linux thiet-bi 9.4.60 armv7l"}
    scalars[mib.SYS_OBJECT_ID_OID] = (*ENTERPRISES, 8072, 3, 2, 10)

    told = identity(Answers(scalars=scalars, trees=frozenset(trees)), PROFILES)

    assert told.kind is not None
    assert told.kind.value == kind
