"""A recording that is given away names no device, no place and nobody, and is still the family's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.discovery.anonymous import anonymous, leaks
from machxa_agent.discovery.record import record
from machxa_agent.discovery.secrets_of import Kind
from machxa_agent.discovery.snmprec import Row, Unreadable, rows, text
from machxa_agent.main import main
from machxa_agent.snmp.answers import oid
from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.poll import poll
from machxa_agent.snmp.target import Limits, Target
from machxa_fleet.snmp_devices import Device, Recorded, read_recording

KEY = b"k" * 32
RECORDINGS = Path(__file__).parents[2] / "recordings" / "snmp"
NAME, PLACE, CONTACT = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.1.4.0"
PRIVATE = "1.3.6.1.4.1.2435.9.1.0"
IF_PHYS = "1.3.6.1.2.1.2.2.1.6.1"
MAC = bytes.fromhex("001ba94fe2d1")


def octets(at: str, content: bytes) -> Row:
    return Row(oid(at), 4, content)


def contents(given_rows: list[Row], **more: list[str]) -> list[bytes]:
    changed, left = anonymous(given_rows, KEY, keep=more.get("keep", []))
    assert left == []
    return [one.content for one in changed]


def test_the_same_name_becomes_the_same_other_name_of_the_same_shape_everywhere() -> None:
    first, second = contents([octets(NAME, b"PC-Xa01"), octets(PRIVATE, b"host pc-xa01 port 3")])

    assert first != b"PC-Xa01"
    assert [len(first), first[2:3], first[:2].isupper(), first[5:].isdigit()] == [7, b"-", True, True]
    assert second.lower() == b"host " + first.lower() + b" port 3"


def test_places_and_people_are_replaced_whatever_they_are_written_in() -> None:
    place, contact = contents([octets(PLACE, "Phòng Một cửa".encode()), octets(CONTACT, b"an@xa.gov.vn 0912345678")])

    assert "Phòng".encode() not in place
    assert b"an@" not in contact
    assert b"0912345678" not in contact


def test_a_mac_is_replaced_as_octets_in_every_writing_and_in_oids() -> None:
    writings = [b"00:1B:A9:4F:E2:D1", b"00-1b-a9-4f-e2-d1", b"001b.a94f.e2d1", b"node 001BA94FE2D1"]
    at = "1.3.6.1.4.1.9.1.2.3.0.27.169.79.226.209"

    changed, left = anonymous(
        [octets(IF_PHYS, MAC), octets(at, b"x"), *(octets(PRIVATE, one) for one in writings)], KEY
    )

    assert left == []
    assert changed[0].content[0] == 2
    assert changed[1].name[-6:] == tuple(changed[0].content)
    digits = changed[0].content.hex()
    assert changed[-1].content == b"node " + digits.encode()
    assert changed[2].content.replace(b":", b"") == digits.encode()


def test_addresses_become_addresses_of_examples_and_versions_stay() -> None:
    address = Row(oid("1.3.6.1.4.1.9.5.1.0"), 64, bytes((10, 20, 30, 40)))

    changed = contents([address, octets(PRIVATE, b"via 10.20.30.40, firmware v1.2.3.4")])

    assert tuple(changed[0][:3]) in ((192, 0, 2), (198, 51, 100), (203, 0, 113))
    assert changed[1] == b"via " + ".".join(map(str, changed[0])).encode() + b", firmware v1.2.3.4"


def test_a_serial_number_is_found_by_the_word_before_it() -> None:
    (only,) = contents([octets("1.3.6.1.2.1.1.1.0", b"HP ETHERNET,SN:VNB3K12345,FN:AB,PID:HP LaserJet")])

    assert b"VNB3K12345" not in only
    assert only.startswith(b"HP ETHERNET,SN:")
    assert only.endswith(b",FN:AB,PID:HP LaserJet")


def test_a_serial_number_that_is_a_number_is_replaced_where_it_stands() -> None:
    row = Row(oid("1.3.6.1.4.1.1714.1.1.1.10.0"), 2, (8485243).to_bytes(3, "big"))
    other = Row(oid("1.3.6.1.4.1.1714.1.1.1.11.0"), 2, (7).to_bytes(1, "big"))

    changed, left = anonymous([row, other], KEY, known=[b"8485243"])

    assert left == []
    assert changed[0].content != row.content
    assert changed[1] == other
    assert leaks([row], {b"8485243": Kind.TEXT}) == ["1.3.6.1.4.1.1714.1.1.1.10.0"]


def test_tables_indexed_by_addresses_and_print_jobs_are_left_out() -> None:
    arp = octets("1.3.6.1.2.1.4.22.1.2.1.10.0.0.9", MAC)
    jobs = octets("1.3.6.1.4.1.2699.1.1.1.3.1.1", b"bang-luong.xlsx")

    assert contents([arp, jobs]) == []


def test_the_model_stays_though_nobody_has_renamed_the_device() -> None:
    both = [octets(NAME, b"HL-2270DW"), octets("1.3.6.1.2.1.25.3.2.1.3.1", b"Brother HL-2270DW")]

    assert contents(both, keep=["Brother", "HL-2270DW"]) == [b"HL-2270DW", b"Brother HL-2270DW"]


def test_two_recordings_have_nothing_in_common_by_which_to_know_a_name() -> None:
    row = octets(NAME, b"PC-Xa-0123456789")

    assert anonymous([row], b"a" * 32)[0] != anonymous([row], b"b" * 32)[0]


def test_what_is_left_of_a_secret_is_found() -> None:
    assert leaks([octets(PRIVATE, b"..VnB3K..")], {b"VNB3K": Kind.TEXT}) == [PRIVATE]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([NAME, PLACE, CONTACT, PRIVATE, IF_PHYS, PRIVATE[:-1] + "1"]), st.binary(max_size=30)
        ),
        max_size=6,
    )
)
def test_no_name_is_left_whatever_it_is_made_of(given_rows: list[tuple[str, bytes]]) -> None:
    secrets = [content.strip(b" \0\r\n") for at, content in given_rows if at in (NAME, PLACE, CONTACT)]

    changed, left = anonymous([octets(at, content) for at, content in given_rows], KEY)

    whole = b"\n".join(one.content for one in changed)
    letters = [one for one in secrets if len(one) >= 8 and one.isalnum()]
    assert left or not any(one in whole for one in letters)


@given(st.binary(max_size=200))
def test_datagrams_of_any_kind_are_read_or_refused(raw: bytes) -> None:
    try:
        read = rows(raw)
    except Unreadable:
        return
    assert text(read).isascii()


@pytest.mark.parametrize("recording", sorted(RECORDINGS.glob("*.snmprec")), ids=lambda path: path.stem)
def test_a_device_recorded_is_still_of_its_family_and_no_longer_itself(recording: Path) -> None:
    profiles = load_profiles()
    with Device(Recorded(read_recording(recording.read_text(encoding="utf-8")))) as device:
        target = Target("127.0.0.1", device.port)
        made = record(target, profiles)
        before = poll(target, profiles, Limits()).device
    assert made.leaks == ()

    with Device(Recorded(read_recording(text(made.rows)))) as device:
        after = poll(Target("127.0.0.1", device.port), profiles, Limits()).device

    was, is_now = before.identity, after.identity
    assert (is_now.kind, is_now.vendor, is_now.model) == (was.kind, was.vendor, was.model)
    assert is_now.serial is None or is_now.serial != was.serial
    assert (after.printer is None) == (before.printer is None)
    assert len(after.interfaces) == len(before.interfaces)


def test_the_command_writes_a_file_that_a_simulator_reads(tmp_path: Path) -> None:
    source = (RECORDINGS / "laser-colour.snmprec").read_text(encoding="utf-8")
    with Device(Recorded(read_recording(source), community=b"xa")) as device:
        asked = ["snmp", "record", f"127.0.0.1:{device.port}", str(tmp_path / "a.snmprec"), "--community", "xa"]
        assert main(asked) == 0

    assert len(read_recording((tmp_path / "a.snmprec").read_text(encoding="ascii"))) > 20
