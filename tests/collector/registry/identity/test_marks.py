from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.identity import Mark, MarkKind, Refusal, Refused, marks, sift
from machxa_collector.registry.identity.marks import MOST_OF_A_KIND

BODY = {
    "hardware": {"name": "VP-01", "uuid": "4c4c4544-0046-3510-8052-b7c04f4a4d32"},
    "bios": {"smanufacturer": "Dell Inc.", "smodel": "OptiPlex 3020", "ssn": "F5RJM2Z", "msn": "/F5RJM2Z/CN7016343/"},
    "operatingsystem": {"machine_id": "5f0e3c1b9a774d2c8b6e0f1a2b3c4d5e"},
    "networks": [
        {"description": "enp0s31f6", "mac": "f8:b1:56:ab:cd:01", "type": "ethernet"},
        {"description": "enx00e04c112233", "mac": "00:e0:4c:11:22:33"},
    ],
    "storages": [{"name": "sda", "serial": "S1D5NSAF 123456"}],
    "memories": [{"serialnumber": "1A2B3C4D"}, {"capacity": 4096}],
}


def test_an_inventory_holds_the_marks_of_board_case_adapters_disks_modules_and_installation() -> None:
    assert marks(BODY) == (
        Mark(MarkKind.UUID, "44454C4C-4600-1035-8052-B7C04F4A4D32"),
        Mark(MarkKind.BOARD, "/F5RJM2Z/CN7016343/"),
        Mark(MarkKind.SERIAL, "F5RJM2Z"),
        Mark(MarkKind.MAC, "F8:B1:56:AB:CD:01"),
        Mark(MarkKind.DONGLE, "00:E0:4C:11:22:33"),
        Mark(MarkKind.DISK, "S1D5NSAF123456"),
        Mark(MarkKind.MEMORY, "1A2B3C4D"),
        Mark(MarkKind.MACHINE, "5F0E3C1B9A774D2C8B6E0F1A2B3C4D5E"),
    )


@pytest.mark.parametrize(
    "uuid",
    [
        "4c4c4544-0046-3510-8052-b7c04f4a4d32",
        "44454C4C-4600-1035-8052-B7C04F4A4D32",
        "{4C4C4544-0046-3510-8052-B7C04F4A4D32}",
        "4c4c45440046351080 52b7c04f4a4d32".replace(" ", ""),
    ],
)
def test_a_boards_uuid_is_one_in_both_byte_orders_and_however_it_is_written(uuid: str) -> None:
    assert marks({"hardware": {"uuid": uuid}}) == (Mark(MarkKind.UUID, "44454C4C-4600-1035-8052-B7C04F4A4D32"),)


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        pytest.param({"bios": {"ssn": "To be filled by O.E.M."}}, MarkKind.SERIAL, Refusal.PLACEHOLDER, id="oem"),
        pytest.param({"bios": {"ssn": "Default string"}}, MarkKind.SERIAL, Refusal.PLACEHOLDER, id="default"),
        pytest.param({"bios": {"ssn": "System Serial Number"}}, MarkKind.SERIAL, Refusal.PLACEHOLDER, id="name"),
        pytest.param({"bios": {"ssn": "INVALID"}}, MarkKind.SERIAL, Refusal.PLACEHOLDER, id="invalid"),
        pytest.param({"bios": {"ssn": "None"}}, MarkKind.SERIAL, Refusal.PLACEHOLDER, id="none"),
        pytest.param({"bios": {"ssn": "0"}}, MarkKind.SERIAL, Refusal.PATTERN, id="zero"),
        pytest.param({"bios": {"ssn": "123456789"}}, MarkKind.SERIAL, Refusal.PATTERN, id="counted"),
        pytest.param({"bios": {"ssn": "12345678901234567890"}}, MarkKind.SERIAL, Refusal.PATTERN, id="counted on"),
        pytest.param({"bios": {"msn": "AAAAAAAAAA"}}, MarkKind.BOARD, Refusal.PATTERN, id="repeated"),
        pytest.param({"bios": {"msn": "12121212"}}, MarkKind.BOARD, Refusal.PATTERN, id="repeated pair"),
        pytest.param({"bios": {"ssn": "A1"}}, MarkKind.SERIAL, Refusal.SHORT, id="short"),
        pytest.param({"bios": {"ssn": "A7" * 40}}, MarkKind.SERIAL, Refusal.PATTERN, id="long pattern"),
        pytest.param({"bios": {"ssn": "H110M", "mmodel": "H110M"}}, MarkKind.SERIAL, Refusal.MODEL, id="the model"),
        pytest.param({"bios": {"ssn": "sê-ri 7"}}, MarkKind.SERIAL, Refusal.FORM, id="no maker's letters"),
        pytest.param({"hardware": {"uuid": "0" * 32}}, MarkKind.UUID, Refusal.SHARED, id="uuid of zeros"),
        pytest.param(
            {"hardware": {"uuid": "03000200-0400-0500-0006-000700080009"}}, MarkKind.UUID, Refusal.SHARED, id="AMI's"
        ),
        pytest.param(
            {"hardware": {"uuid": "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"}}, MarkKind.UUID, Refusal.SHARED, id="F"
        ),
        pytest.param({"hardware": {"uuid": "not one"}}, MarkKind.UUID, Refusal.FORM, id="no uuid"),
        pytest.param({"networks": [{"mac": "00:00:00:00:00:00"}]}, MarkKind.MAC, Refusal.VIRTUAL, id="zeros"),
        pytest.param({"networks": [{"mac": "02:42:ac:11:00:02"}]}, MarkKind.MAC, Refusal.LOCAL, id="docker"),
        pytest.param({"networks": [{"mac": "01:00:5e:00:00:01"}]}, MarkKind.MAC, Refusal.LOCAL, id="group"),
        pytest.param({"networks": [{"mac": "00:50:56:c0:00:08"}]}, MarkKind.MAC, Refusal.VIRTUAL, id="VMware"),
        pytest.param({"networks": [{"mac": "00:ff:12:34:56:78"}]}, MarkKind.MAC, Refusal.VIRTUAL, id="TAP"),
        pytest.param({"networks": [{"mac": "00-05-9A-3C-78-00"}]}, MarkKind.MAC, Refusal.SHARED, id="AnyConnect"),
        pytest.param({"networks": [{"mac": "00:1b:21:00:00:00"}]}, MarkKind.MAC, Refusal.PATTERN, id="never set"),
        pytest.param(
            {"networks": [{"description": "Hyper-V Virtual Ethernet", "mac": "f8:b1:56:ab:cd:01"}]},
            MarkKind.MAC,
            Refusal.VIRTUAL,
            id="a virtual adapter with a real address",
        ),
    ],
)
def test_what_identifies_nothing_is_refused_with_its_reason(
    body: dict[str, object], kind: MarkKind, why: Refusal
) -> None:
    found = sift(body)

    assert found.marks == ()
    assert [(one.kind, one.why) for one in found.refused] == [(kind, why)]


@pytest.mark.parametrize(
    "adapter",
    [
        {"description": "enx8cae4c000111", "mac": "8c:ae:4c:00:01:11"},
        {"description": "usb0", "mac": "f8:b1:56:ab:cd:02"},
        {"description": "Ethernet 3", "mac": "f8:b1:56:ab:cd:02", "pnpdeviceid": "USB\\VID_0BDA&PID_8153\\1"},
        {"description": "Ethernet 4", "mac": "00:0e:c6:ab:cd:02"},
    ],
)
def test_an_adapter_on_usb_is_a_dongle_that_wanders(adapter: dict[str, str]) -> None:
    assert [one.kind for one in marks({"networks": [adapter]})] == [MarkKind.DONGLE]


def test_a_disk_on_usb_is_none_of_the_computers() -> None:
    assert marks({"storages": [{"serial": "WD-WX11A", "interface": "USB"}]}) == ()


def test_a_body_with_thousands_of_adapters_gives_a_bounded_number_of_marks() -> None:
    networks = [{"mac": f"f8:b1:56:{n >> 8:02x}:{n & 255:02x}:01"} for n in range(5000)]

    assert len(marks({"networks": networks})) == MOST_OF_A_KIND


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
SECTIONS = st.sampled_from(("hardware", "bios", "operatingsystem", "networks", "storages", "memories"))
FIELDS = st.sampled_from(("uuid", "ssn", "msn", "mac", "serial", "serialnumber", "machine_id", "description"))
GROUPS = st.dictionaries(FIELDS, JSON, max_size=4)


@given(st.dictionaries(SECTIONS, JSON | GROUPS | st.lists(GROUPS, max_size=3), max_size=6))
def test_any_body_gives_marks_a_database_takes_or_a_reason(body: dict[str, object]) -> None:
    found = sift(body)

    assert all(0 < len(one.value) <= 64 and one.value.isascii() and one.value.isprintable() for one in found.marks)
    assert all(isinstance(one, Refused) for one in found.refused)
