"""What three generations of Windows say of themselves, from recorded registry values and answers of CIM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import pytest

from machxa_agent.facts import processor, software, support, windows, windows11, windows_cim
from machxa_agent.facts.support_end import support_end
from tests.agent.inventory import complaints

_HOST = Path(__file__).parents[1] / "recordings" / "host"


def facts(system: str, arch: str = "AMD64") -> Dict[str, Any]:
    """Return the facts in a recording, put together as the agent does; Windows 7 has no CIM to ask."""
    registry = json.loads((_HOST / system / "registry.json").read_text("utf-8"))
    cim = _HOST / system / "cim.json"
    answers = json.loads(cim.read_text("utf-8")) if system != "windows-7" else {}
    named = support.from_current_version(registry["version"])
    found: Dict[str, Any] = {
        "versionclient": "machxa-agent_v0",
        "bios": windows.from_bios_key(registry["bios"]),
        "operatingsystem": {**named, **support_end(named)},
        "cpus": processor.from_registry(registry["processor"], arch, 2, 4),
        **windows_cim.from_answers(answers),
        "softwares": software.listed(
            software.from_uninstall(json.loads((_HOST / system / "uninstall.json").read_text("utf-8")))
        ),
    }
    firmware = windows.firmware((), registry["secure_boot"], windows_cim.tpm_version(answers))
    floor = windows11.readiness({**found, "hardware": {"memory": 8000}}, firmware)
    return {**found, "hardware": {"memory": 8000, "windows11": floor}}


@pytest.mark.parametrize(
    ("system", "arch", "named", "ends", "windows_11"),
    [
        pytest.param(
            "windows-7",
            "x86",
            "Microsoft Windows 7 Professional",
            "2020-01-14",
            {"missing": ["processor"], "unknown": ["arch", "disk", "secure_boot", "tpm", "uefi"], "ready": False},
            id="7, 32 bit, which says nothing of the processor, without CIM",
        ),
        pytest.param(
            "windows-10",
            "AMD64",
            "Microsoft Windows 10 Pro",
            "2025-10-14",
            {"missing": ["processor"], "ready": False},
            id="10",
        ),
        pytest.param(
            "windows-11",
            "AMD64",
            "Microsoft Windows 11 Pro",
            "2026-10-13",
            {"ready": True},
            id="11, which calls itself 10 in its registry",
        ),
    ],
)
def test_a_system_is_named_with_its_end_and_what_windows_11_wants_of_it(
    system: str, arch: str, named: str, ends: str, windows_11: Dict[str, Any]
) -> None:
    found = facts(system, arch)

    assert found["operatingsystem"]["full_name"] == named
    assert found["operatingsystem"]["support_ends_on"] == ends
    assert found["hardware"]["windows11"] == windows_11
    assert complaints(found) == []


@pytest.mark.parametrize(
    ("system", "softwares"),
    [
        ("windows-7", ["Bkav Pro", "Google Chrome", "Microsoft Office Enterprise 2007"]),
        ("windows-11", ["Microsoft 365 Apps for business - vi-vn", "Microsoft Edge"]),
    ],
)
def test_programs_beyond_the_allow_list_updates_and_parts_are_not_told(system: str, softwares: list[str]) -> None:
    assert [one["name"] for one in facts(system)["softwares"]] == softwares


def test_a_laptop_with_windows_11_tells_its_worn_battery_and_its_printer_by_usb() -> None:
    found = facts("windows-11")

    assert found["batteries"] == [
        {"name": "Primary", "manufacturer": "Hewlett-Packard", "capacity": 45084, "real_capacity": 41200}
    ]
    assert [(one["name"], one["port"]) for one in found["printers"]] == [("Canon G3010 series", "USB")]
    assert found["storages"][0]["serial"] == "0008_0D02_0000_0000"
