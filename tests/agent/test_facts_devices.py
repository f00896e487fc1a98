"""Monitors, printers, batteries, antivirus and programs, from recorded answers of several systems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machxa_agent.facts import batteries, digest, linux, linux_devices, linux_software, monitors, printers, software
from machxa_agent.facts import windows_cim as cim
from machxa_agent.facts.windows11 import Firmware

_HOST = Path(__file__).parents[1] / "recordings" / "host"
_LAPTOP = str(_HOST / "linux-laptop")


def _cim() -> dict[str, object]:
    answers: dict[str, object] = json.loads((_HOST / "windows-10/cim.json").read_bytes())
    return answers


def test_a_linux_laptop_tells_its_monitors_printers_and_battery_without_an_address_or_a_password() -> None:
    found = linux_devices.gather(_LAPTOP)

    assert found == {
        "monitors": [
            {
                "manufacturer": "DEL",
                "caption": "DELL E1915H",
                "name": "DELL E1915H",
                "serial": "M00007014BU",
                "description": "14/2015",
            },
            {"manufacturer": "BOE", "description": "2016"},
        ],
        "printers": [
            {
                "name": "Canon_LBP2900",
                "driver": "Canon LBP-2900 CAPT GDI printer, 0.1.4-2",
                "port": "usb",
                "network": False,
                "shared": False,
            },
            {
                "name": "HP_LaserJet_M404",
                "driver": "HP LaserJet Pro M404dn, driverless, 1.28.17",
                "port": "ipp",
                "network": True,
                "shared": True,
            },
        ],
        "batteries": [
            {
                "name": "01AV494",
                "manufacturer": "SMP",
                "serial": "2911",
                "chemistry": "Li-poly",
                "voltage": 11400,
                "capacity": 50000,
                "real_capacity": 23100,
            }
        ],
    }
    assert linux_devices.firmware(_LAPTOP) == Firmware(is_uefi=True, can_secure_boot=True, tpm=2)


def test_a_computer_with_nothing_attached_tells_nothing(tmp_path: Path) -> None:
    assert linux_devices.gather(str(tmp_path)) == {}
    assert linux_devices.firmware(str(tmp_path)) == Firmware(is_uefi=None, can_secure_boot=None, tpm=None)
    assert linux_software.gather(str(tmp_path), None) == []


def test_a_windows_computer_tells_built_in_disks_and_devices_and_no_server_or_stick() -> None:
    assert cim.from_answers(_cim()) == {
        "storages": [
            {
                "name": "PhysicalDrive0",
                "type": "disk",
                "model": "ST500DM002-1BD142",
                "serial": "Z3T0ABCD",
                "firmware": "KC48",
                "disksize": 500107,
                "interface": "SATA",
                "description": "HDD",
            }
        ],
        "monitors": [
            {
                "manufacturer": "DEL",
                "caption": "DELL E1915H",
                "name": "DELL E1915H",
                "serial": "M0000701",
                "description": "14/2015",
            }
        ],
        "printers": [
            {"name": "Canon LBP2900", "driver": "Canon LBP2900", "port": "USB", "network": False, "shared": True},
            {
                "name": "HP LaserJet M404",
                "driver": "HP Universal Printing PCL 6",
                "port": "IP",
                "network": True,
                "shared": False,
            },
        ],
        "antivirus": [
            {
                "name": "Windows Defender",
                "guid": "{D68DDC3A-831F-4fae-9E44-DA132C1ACF46}",
                "enabled": False,
                "uptodate": True,
            },
            {
                "name": "Bkav Pro Internet Security",
                "guid": "{A1B2C3D4-0000-1111-2222-333344445555}",
                "enabled": True,
                "uptodate": False,
            },
        ],
    }


@pytest.mark.parametrize(
    ("answers", "version"),
    [
        pytest.param({"tpm": [{"SpecVersion": "2.0, 0, 1.38"}]}, 2, id="2.0"),
        pytest.param({"tpm": [{"SpecVersion": "1.2, 2, 3"}]}, 1, id="1.2"),
        pytest.param({"tpm": []}, 0, id="none"),
        pytest.param({}, None, id="not answered"),
    ],
)
def test_a_tpm_that_was_not_asked_is_not_one_that_is_missing(answers: dict[str, object], version: int | None) -> None:
    assert cim.tpm_version(answers) == version


@pytest.mark.parametrize("odd", [None, 5, "x", [], [None], [5], {"Name": 5}], ids=repr)
def test_nonsense_in_place_of_rows_gives_nothing(odd: object) -> None:
    keys = ("disks", "monitors", "printers", "antivirus", "batteries", "charged", "tpm")

    assert cim.from_answers(dict.fromkeys(keys, odd)) == {}


@pytest.mark.parametrize("edid", [b"", b"\0" * 128, b"\0\xff\xff\xff\xff\xff\xff\0" + b"\1" * 120], ids=len)
def test_a_block_that_is_no_edid_is_no_monitor(edid: bytes) -> None:
    assert monitors.from_edid(edid) is None


def test_a_battery_that_counts_charge_is_told_in_energy() -> None:
    lines = ("TYPE=Battery", "VOLTAGE_MIN_DESIGN=10800000", "CHARGE_FULL_DESIGN=4000000", "CHARGE_FULL=1000000")

    found = batteries.from_uevent("\n".join("POWER_SUPPLY_" + one for one in lines))

    assert found == {"voltage": 10800, "capacity": 43200, "real_capacity": 10800}


def test_a_battery_that_wears_is_no_new_fact() -> None:
    fresh, worn = ({"batteries": [{"name": "01AV494", "real_capacity": one}]} for one in (50000, 49000))

    assert digest(fresh) == digest(worn)


def test_a_printer_without_a_device_is_named_alone() -> None:
    assert printers.from_cups("<Printer Nhap>\nInfo x\n</Printer>\n") == [{"name": "Nhap"}]


def test_only_installed_packages_of_the_list_are_told() -> None:
    assert linux_software.gather(_LAPTOP, None) == [
        {"name": "firefox-esr", "version": "128.5.0esr-1~deb12u1", "arch": "amd64", "from": "deb"},
        {"name": "google-chrome-stable", "version": "131.0.6778.85-1", "arch": "amd64", "from": "deb"},
    ]
    assert linux_software.gather(_LAPTOP, ("adduser",)) == [
        {"name": "adduser", "version": "3.134", "arch": "all", "from": "deb"}
    ]
    assert linux_software.gather(_LAPTOP, ()) == []


def test_rpm_packages_are_told_by_the_same_list() -> None:
    lines = ("firefox\t128.5.0-1.fc40\tx86_64\n", "bash\t5.2-1.fc40\tx86_64\n", "odd\n")

    assert software.listed(software.from_rpm(lines)) == [
        {"name": "firefox", "version": "128.5.0-1.fc40", "arch": "x86_64", "from": "rpm"}
    ]


def test_windows_programs_of_the_list_are_told_without_updates_and_what_people_chat_with() -> None:
    keys = json.loads((_HOST / "windows-10/uninstall.json").read_bytes())

    assert software.listed(software.from_uninstall(keys)) == [
        {
            "name": "Google Chrome",
            "version": "131.0.6778.86",
            "publisher": "Google LLC",
            "install_date": "2024-11-21",
            "from": "registry",
        },
        {
            "name": "Microsoft Office Professional Plus 2016 - vi-vn",
            "version": "16.0.4266.1001",
            "publisher": "Microsoft Corporation",
            "from": "registry",
        },
        {"name": "VGCA Sign Service", "version": "1.2.6", "publisher": "Ban Co yeu Chinh phu", "from": "registry"},
    ]


def test_a_whole_laptop_is_gathered_with_what_is_attached() -> None:
    facts = linux.gather(_LAPTOP)

    assert set(facts) == {
        "batteries",
        "hardware",
        "monitors",
        "operatingsystem",
        "printers",
        "softwares",
        "versionclient",
        "networks",
    }
