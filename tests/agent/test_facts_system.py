from __future__ import annotations

from pathlib import Path

import pytest

from machxa_agent.facts import processor, support

_DESKTOP = Path(__file__).parents[1] / "recordings" / "agent" / "desktop"


@pytest.mark.parametrize(
    ("text", "point", "system"),
    [
        pytest.param(
            'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
            "12.11\n",
            {
                "name": "Debian",
                "full_name": "Debian GNU/Linux 12 (bookworm)",
                "version": "12",
                "build": "12.11",
                "support_channel": "stable",
            },
            id="Debian",
        ),
        pytest.param(
            'PRETTY_NAME="Debian GNU/Linux forky/sid"\nNAME="Debian GNU/Linux"\nID=debian\n',
            "forky/sid\n",
            {
                "name": "Debian",
                "full_name": "Debian GNU/Linux forky/sid",
                "build": "forky/sid",
                "support_channel": "testing",
            },
            id="Debian testing",
        ),
        pytest.param(
            'NAME="Ubuntu"\nVERSION_ID="25.10"\nVERSION="25.10 (Questing Quokka)"\nID=ubuntu\n',
            "trixie/sid\n",
            {"name": "Ubuntu", "version": "25.10", "support_channel": "interim"},
            id="Ubuntu between LTS",
        ),
        pytest.param("NAME=Gentoo\nID=gentoo\n", "", {"name": "Gentoo"}, id="one whose support we do not know"),
    ],
)
def test_a_linux_release_names_its_support_channel(text: str, point: str, system: dict[str, object]) -> None:
    assert support.from_os_release(text, point) == system


_WINDOWS_11: dict[str, object] = {
    "ProductName": "Windows 10 Pro",
    "EditionID": "Professional",
    "DisplayVersion": "23H2",
    "ReleaseId": "2009",
    "CurrentBuildNumber": "22631",
    "UBR": 6199,
    "CurrentMajorVersionNumber": 10,
    "CurrentMinorVersionNumber": 0,
    "CurrentVersion": "6.3",
    "InstallationType": "Client",
    "RegisteredOwner": "can.bo",
}


def test_windows_11_is_told_from_windows_10_by_its_build_and_its_owner_is_left_out() -> None:
    assert support.from_current_version(_WINDOWS_11) == {
        "name": "Windows",
        "full_name": "Microsoft Windows 11 Pro",
        "version": "23H2",
        "kernel_name": "win32",
        "kernel_version": "10.0.22631.6199",
        "build": "22631.6199",
        "edition": "Professional",
        "support_channel": "general availability",
    }


def test_windows_7_has_a_service_pack_and_no_channel() -> None:
    system = support.from_current_version(
        {
            "ProductName": "Windows 7 Professional",
            "EditionID": "Professional",
            "CurrentBuildNumber": "7601",
            "CurrentVersion": "6.1",
            "CSDVersion": "Service Pack 1",
            "InstallationType": "Client",
        }
    )

    assert system == {
        "name": "Windows",
        "full_name": "Microsoft Windows 7 Professional",
        "version": "6.1",
        "service_pack": "Service Pack 1",
        "kernel_name": "win32",
        "kernel_version": "6.1.7601",
        "build": "7601",
        "edition": "Professional",
    }


@pytest.mark.parametrize(
    ("edition", "build", "installed", "channel"),
    [
        ("EnterpriseS", "19044", "Client", "LTSC"),
        ("IoTEnterpriseS", "26100", "Client", "LTSC"),
        ("EnterpriseS", "14393", "Client", "LTSB"),
        ("Enterprise", "19045", "Client", "general availability"),
        ("ServerStandard", "20348", "Server", "server"),
    ],
)
def test_the_edition_decides_the_support_channel(edition: str, build: str, installed: str, channel: str) -> None:
    values = dict(_WINDOWS_11, EditionID=edition, CurrentBuildNumber=build, InstallationType=installed)

    assert support.from_current_version(values)["support_channel"] == channel


def test_an_empty_registry_key_says_only_that_it_is_windows() -> None:
    assert support.from_current_version({}) == {
        "name": "Windows",
        "full_name": "Microsoft Windows",
        "kernel_name": "win32",
    }


def test_the_threads_of_one_socket_are_one_processor() -> None:
    cpus = processor.from_cpuinfo((_DESKTOP / "proc/cpuinfo").read_text(), "x86_64", 3700)

    assert cpus == [
        {
            "name": "Intel(R) Core(TM) i3-6100 CPU @ 3.70GHz",
            "manufacturer": "Intel",
            "arch": "x86_64",
            "familynumber": "6",
            "model": "94",
            "stepping": 3,
            "core": 2,
            "thread": 4,
            "speed": 3700,
        }
    ]


def test_a_board_that_says_little_of_its_processor_gets_no_invented_figures() -> None:
    text = "processor\t: 0\nBogoMIPS\t: 48.00\n\nprocessor\t: 1\n\nHardware\t: MT7621\n"

    assert processor.from_cpuinfo(text, "mips", None) == [{"arch": "mips", "thread": 2}]


def test_the_windows_registry_tells_family_model_and_stepping() -> None:
    values = {
        "ProcessorNameString": "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz",
        "VendorIdentifier": "GenuineIntel",
        "Identifier": "Intel64 Family 6 Model 142 Stepping 10",
        "~MHz": 1801,
    }

    assert processor.from_registry(values, "AMD64", 4, 8) == [
        {
            "name": "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz",
            "manufacturer": "Intel",
            "arch": "x86_64",
            "familynumber": "6",
            "model": "142",
            "stepping": 10,
            "core": 4,
            "thread": 8,
            "speed": 1600,
        }
    ]
