from __future__ import annotations

import os
from pathlib import Path

from machxa_agent import portable, version
from machxa_agent.facts import digest, gather, linux, windows
from machxa_wire import fields

_DESKTOP = Path(__file__).parents[1] / "recordings" / "agent" / "desktop"


def test_a_recorded_computers_facts_are_in_the_inventorys_words_without_placeholders() -> None:
    facts = linux.gather(str(_DESKTOP))

    uname = os.uname()
    assert facts["bios"] == {
        "bmanufacturer": "Dell Inc.",
        "bversion": "1.21.0",
        "smanufacturer": "Dell Inc.",
        "smodel": "OptiPlex 3040",
        "skunumber": "06B9",
        "mmanufacturer": "Dell Inc.",
        "mmodel": "0MGK50",
        "msn": "/B5R4N72/CNFCW0068H0000/",
        "bdate": "2022-07-14",
    }
    assert facts["hardware"] == {
        "name": uname.nodename,
        "uuid": "4c4c4544-0042-3510-8052-b4c04f4e3732",
        "chassis_type": "Space-saving",
        "memory": 3815,
        "swap": 2047,
        "windows11": {"ready": False, "missing": ["processor"], "unknown": ["secure_boot", "tpm", "uefi"]},
    }
    assert facts["operatingsystem"] == {
        "name": "Ubuntu",
        "full_name": "Ubuntu 22.04.5 LTS",
        "version": "22.04",
        "support_channel": "LTS",
        "support_ends_on": "2027-04-01",
        "kernel_name": "linux",
        "kernel_version": uname.release,
        "arch": uname.machine,
        "machine_id": "433b3e0c318e6850b2945e9a35ccddad",
    }
    assert facts["storages"] == [
        {
            "name": "sda",
            "type": "disk",
            "model": "KINGSTON SA400S3",
            "firmware": "K1B3",
            "serial": "50026B7784A1C001",
            "disksize": 128035,
        }
    ]
    assert facts["networks"] == [
        {"description": "enp3s0", "mac": "18:66:da:00:11:22", "type": "ethernet", "status": "up", "speed": "1000"},
        {"description": "wlp2s0", "mac": "00:28:f8:33:44:55", "type": "wifi", "status": "down"},
    ]
    assert facts["versionclient"] == f"machxa-agent_v{version.VERSION}"
    assert "memories" not in facts  # the recording holds no firmware table, as for a user who is not root


def test_a_computer_that_tells_nothing_has_no_invented_facts(tmp_path: Path) -> None:
    facts = linux.gather(str(tmp_path))

    assert set(facts) == {"versionclient", "hardware", "operatingsystem"}


def test_this_computers_facts_pass_the_wires_bounds_and_name_no_address_or_person() -> None:
    facts = gather()

    assert fields.tree(facts, "facts") == facts
    assert not {"users", "local_users", "processes"}.intersection(facts)
    assert not any(key.startswith("ip") for network in _networks(facts) for key in network)


def test_windows_networks_and_drives_come_from_what_psutil_lists() -> None:
    ethernet = portable.Interface("Ethernet", 1, 1, 0, 0, 0, 0, is_up=True, megabits=100)
    inner = portable.Interface("vEthernet (WSL)", 1, 1, 0, 0, 0, 0, is_up=True, megabits=10000)

    networks = windows.networks((ethernet, inner), (("Ethernet", "18:66:da:00:11:22"), ("vEthernet (WSL)", "x")))
    drives = windows.drives((portable.Volume("C:\\", "C:\\", "NTFS"),))

    assert networks == [{"description": "Ethernet", "mac": "18:66:da:00:11:22", "status": "up", "speed": "100"}]
    assert drives == [{"letter": "C:", "filesystem": "NTFS"}]


def test_windows_registry_serves_where_the_firmware_table_cannot_be_had() -> None:
    values = {
        "BIOSVendor": "American Megatrends Inc.",
        "BIOSVersion": "F5",
        "BIOSReleaseDate": "03/24/2014",
        "SystemManufacturer": "Gigabyte Technology Co., Ltd.",
        "SystemProductName": "To be filled by O.E.M.",
        "BaseBoardProduct": "H81M-DS2",
        "SystemSKU": 0,
    }

    assert windows.from_bios_key(values) == {
        "bmanufacturer": "American Megatrends Inc.",
        "bversion": "F5",
        "bdate": "2014-03-24",
        "smanufacturer": "Gigabyte Technology Co., Ltd.",
        "mmodel": "H81M-DS2",
    }


def test_the_digest_changes_with_the_computer_and_not_with_order_or_a_link() -> None:
    bios, wired = {"smodel": "OptiPlex 3040", "ssn": "B5R4N72"}, {"description": "enp3s0", "mac": "18:66:da:00:11:22"}
    before = digest({"bios": bios, "networks": [dict(wired, status="up", speed="1000")]})

    assert before == digest({"networks": [dict(wired, status="down")], "bios": dict(reversed(bios.items()))})
    assert before != digest({"bios": dict(bios, ssn="C6S5P83"), "networks": [wired]})
    assert len(before) == 32


def _networks(facts: dict[str, object]) -> list[dict[str, object]]:
    networks = facts.get("networks", [])
    assert isinstance(networks, list)
    return networks
