"""Facts, wrapped for GLPI, are what its inventory format asks for, and hold no key beside those told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_agent.facts import gather, linux, processor, smbios, software, support, windows, windows_cim
from machxa_agent.facts.support_end import support_end
from machxa_agent.facts.windows11 import Firmware, readiness
from tests.agent.inventory import complaints

_RECORDINGS = Path(__file__).parents[1] / "recordings"


def _windows_10() -> dict[str, object]:
    answers = json.loads((_RECORDINGS / "host/windows-10/cim.json").read_bytes())
    keys = json.loads((_RECORDINGS / "host/windows-10/uninstall.json").read_bytes())
    version = {"ProductName": "Windows 10 Pro", "CurrentBuildNumber": "19045", "UBR": 5131, "DisplayVersion": "22H2"}
    named = support.from_current_version({**version, "EditionID": "Professional", "CurrentMajorVersionNumber": 10})
    chip = {"ProcessorNameString": "Intel(R) Core(TM) i3-6100 CPU @ 3.70GHz", "VendorIdentifier": "GenuineIntel"}
    chip["Identifier"] = "Intel64 Family 6 Model 94 Stepping 3"
    found: dict[str, object] = {
        "versionclient": "machxa-agent_v0",
        "operatingsystem": {**named, **support_end(named)},
        "cpus": processor.from_registry(chip, "AMD64", 2, 4),
        **windows_cim.from_answers(answers),
        "softwares": software.listed(software.from_uninstall(keys)),
    }
    firmware = windows.firmware((), {"UEFISecureBootEnabled": 0}, windows_cim.tpm_version(answers))
    return {**found, "hardware": {"memory": 4000, "windows11": readiness({**found, "memories": []}, firmware)}}


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(gather(), id="this computer"),
        pytest.param(linux.gather(str(_RECORDINGS / "agent/desktop")), id="an office PC"),
        pytest.param(linux.gather(str(_RECORDINGS / "host/linux-laptop")), id="a laptop"),
        pytest.param(_windows_10(), id="Windows 10"),
    ],
)
def test_facts_fit_the_inventory_format(facts: dict[str, object]) -> None:
    assert complaints(facts) == []


def test_the_schema_refuses_what_it_should() -> None:
    assert complaints({"versionclient": "x", "networks": [{"description": "eth0", "status": "unknown"}]})
    assert complaints({"versionclient": "x", "users": []})


def test_a_windows_10_pc_of_the_sixth_generation_cannot_go_on_and_its_support_is_over() -> None:
    facts = _windows_10()

    assert facts["hardware"] == {
        "memory": 4000,
        "windows11": {"ready": False, "missing": ["processor"], "unknown": ["memory"]},
    }
    assert facts["operatingsystem"]["support_ends_on"] == "2025-10-14"  # type: ignore[index]  # an object of facts


def test_firmware_that_supports_uefi_counts_where_the_system_was_started_the_old_way() -> None:
    table = (smbios.Structure(0, bytes(0x13) + b"\x08", ()),)

    assert windows.firmware(table, {}, None) == Firmware(is_uefi=True, can_secure_boot=None, tpm=None)
