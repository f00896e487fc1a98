"""Windows 11's floor and the end of support are decided from facts alone."""

from __future__ import annotations

import pytest

from machxa_agent.facts.support_end import support_end
from machxa_agent.facts.windows11 import Firmware, is_supported, readiness

_FIRMWARE = Firmware(is_uefi=True, can_secure_boot=True, tpm=2)
_CPU: dict[str, object] = {
    "manufacturer": "Intel",
    "familynumber": "6",
    "model": "158",
    "stepping": 10,
    "core": 4,
    "speed": 3600,
    "arch": "x86_64",
}
_FACTS: dict[str, object] = {
    "cpus": [_CPU],
    "memories": [{"capacity": 4096}, {"caption": "DIMM1"}],
    "storages": [{"disksize": 32_000}, {"disksize": 240_057}],
    "hardware": {"memory": 3300},
}


def test_a_computer_that_meets_every_floor_is_ready() -> None:
    assert readiness(_FACTS, _FIRMWARE) == {"ready": True}


@pytest.mark.parametrize(
    ("change", "firmware", "found"),
    [
        pytest.param({"memories": [{"capacity": 2048}]}, _FIRMWARE, {"ready": False, "missing": ["memory"]}, id="2 GB"),
        pytest.param({"memories": []}, _FIRMWARE, {"ready": False, "missing": ["memory"]}, id="3.3 GB seen"),
        pytest.param({"storages": [{"disksize": 63_999}]}, _FIRMWARE, {"ready": False, "missing": ["disk"]}, id="disk"),
        pytest.param({"storages": []}, _FIRMWARE, {"unknown": ["disk"]}, id="no disk told"),
        pytest.param({}, Firmware(True, True, 1), {"ready": False, "missing": ["tpm"]}, id="TPM 1.2"),  # noqa: FBT003
        pytest.param({}, Firmware(None, None, None), {"unknown": ["secure_boot", "tpm", "uefi"]}, id="old start"),
        pytest.param(
            {"cpus": [dict(_CPU, model="94")]},
            Firmware(None, None, None),
            {"ready": False, "missing": ["processor"], "unknown": ["secure_boot", "tpm", "uefi"]},
            id="one thing missing is enough",
        ),
        pytest.param(
            {"cpus": [{}]},
            _FIRMWARE,
            {"unknown": ["arch", "cores", "processor", "speed"]},
            id="a processor that tells nothing",
        ),
    ],
)
def test_what_is_missing_and_what_is_unknown_are_told_apart(
    change: dict[str, object], firmware: Firmware, found: dict[str, object]
) -> None:
    assert readiness({**_FACTS, **change}, firmware) == found


@pytest.mark.parametrize(
    ("maker", "family", "model", "stepping", "supported"),
    [
        pytest.param("Intel", 6, 0x5F, 1, False, id="the last model too old"),
        pytest.param("Intel", 6, 0x66, 3, True, id="beyond it"),
        pytest.param("Intel", 6, 0x8E, 8, False, id="7th generation, mobile"),
        pytest.param("Intel", 6, 0x8E, 9, True, id="stepping 9"),
        pytest.param("Intel", 6, 0x8E, 12, True, id="stepping 12"),
        pytest.param("Intel", 6, 0x8E, 13, False, id="stepping 13"),
        pytest.param("Intel", 6, 0x9E, 9, False, id="7th generation, desktop"),
        pytest.param("Intel", 6, 0x9E, 13, True, id="9th generation, desktop"),
        pytest.param("Intel", 6, 0x9E, None, None, id="stepping not told"),
        pytest.param("Intel", 15, 0x6, 1, False, id="Pentium 4"),
        pytest.param("AMD", 0x15, 0x70, 0, False, id="Bulldozer"),
        pytest.param("AMD", 0x17, 0x01, 1, False, id="first Zen"),
        pytest.param("AMD", 0x17, 0x11, 0, False, id="first Zen, mobile"),
        pytest.param("AMD", 0x17, 0x08, 2, True, id="Zen+"),
        pytest.param("AMD", 0x19, 0x50, 0, True, id="Zen 3"),
        pytest.param("VIA", 6, 0x0F, 8, None, id="another maker"),
        pytest.param("Intel", None, None, None, None, id="nothing told"),
    ],
)
def test_processors_are_judged_by_family_model_and_stepping(
    maker: str,
    family: int | None,
    model: int | None,
    stepping: int | None,
    supported: bool | None,  # noqa: FBT001 - a table's expected value
) -> None:
    told = {"familynumber": family, "model": model, "stepping": stepping}

    assert is_supported({"manufacturer": maker, **{key: str(one) for key, one in told.items() if one is not None}}) is (
        supported
    )


@pytest.mark.parametrize(
    ("system", "days"),
    [
        pytest.param(
            {"name": "Windows", "full_name": "Microsoft Windows 7 Professional", "version": "6.1"},
            ["2020-01-14"],
            id="Windows 7",
        ),
        pytest.param(
            {"name": "Windows", "full_name": "Microsoft Windows 10 Pro", "version": "22H2", "edition": "Professional"},
            ["2025-10-14"],
            id="Windows 10",
        ),
        pytest.param(
            {"name": "Windows", "full_name": "Microsoft Windows 11 Pro", "version": "24H2", "edition": "Professional"},
            ["2026-10-13"],
            id="Windows 11 Pro",
        ),
        pytest.param(
            {"name": "Windows", "full_name": "Microsoft Windows 11 Edu", "version": "24H2", "edition": "Education"},
            ["2027-10-12"],
            id="Windows 11 Education",
        ),
        pytest.param(
            {"name": "Windows", "full_name": "Microsoft Windows 10 Pro", "version": "1909", "edition": "Professional"},
            [],
            id="not in the table",
        ),
        pytest.param(
            {"name": "Windows", "support_channel": "LTSC", "build": "19044.5131", "edition": "IoTEnterpriseS"},
            ["2032-01-13"],
            id="LTSC for devices",
        ),
        pytest.param({"name": "Windows", "support_channel": "server", "version": "21H2"}, [], id="server"),
        pytest.param({"name": "Debian", "version": "12"}, ["2026-07-11", "2028-06-30"], id="Debian"),
        pytest.param({"name": "Debian", "version": "11"}, ["2026-08-31"], id="old Debian"),
        pytest.param({"name": "Alpine", "version": "3.20"}, [], id="another"),
    ],
)
def test_support_ends_on_the_day_of_the_table_or_is_not_known(system: dict[str, object], days: list[str]) -> None:
    assert list(support_end(system).values()) == days
