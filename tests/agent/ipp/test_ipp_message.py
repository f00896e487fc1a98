"""Reading IPP: what printers really write, what breaks the rules, and anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.ipp import message
from machxa_agent.ipp.facts import told
from machxa_agent.ipp.message import Answer, NotIpp, attribute, decode, request
from tests.agent.ipp import making

SMALL = making.answer({"printer-state": [3], "marker-levels": [-3, 20], "printer-name": ["Máy in tầng 2"]})


def test_a_request_is_read_as_it_was_written() -> None:
    raw = request("ipp://192.0.2.9:631/ipp/print", 77)

    read = decode(raw, 77)

    assert read.status == 0x000B  # where an answer has its status, a request has its operation
    assert read.attributes["printer-uri"] == (b"ipp://192.0.2.9:631/ipp/print",)
    assert read.attributes["requested-attributes"] == tuple(name.encode() for name in message.ASKED)


def test_an_answer_keeps_several_values_of_one_attribute_in_order() -> None:
    assert decode(SMALL).attributes == {
        "attributes-charset": (b"utf-8",),
        "printer-state": (3,),
        "marker-levels": (-3, 20),
        "printer-name": ("Máy in tầng 2".encode(),),
    }


def test_an_answer_to_another_request_is_refused() -> None:
    with pytest.raises(NotIpp, match="another request"):
        decode(SMALL, 2)


@pytest.mark.parametrize("length", range(len(SMALL)))
def test_a_cut_answer_is_refused_whole(length: int) -> None:
    with pytest.raises(NotIpp):
        decode(SMALL[:length])


def test_collections_are_passed_over_with_and_without_member_names() -> None:
    size = attribute(0x4A, "", b"x-dimension") + attribute(0x21, "", b"\0\0\0\7")
    ruled = attribute(0x34, "media-size", b"") + size + attribute(0x37, "", b"")
    unruled = (
        attribute(0x34, "media-size", b"") + attribute(0x21, "x-dimension", b"\0\0\0\7") + attribute(0x37, "", b"")
    )
    after = b"".join(making.lines({"printer-name": ["A"]}))

    read = [decode(SMALL[:8] + b"\x04" + one + after + b"\x03").attributes for one in (ruled, unruled)]

    assert read == [{"media-size": (), "printer-name": (b"A",)}] * 2


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\x04" + attribute(0x21, "printer-state", b"\0\3") + b"\x03", id="a short number"),
        pytest.param(b"\x04" + attribute(0x34, "a", b"") * 9 + b"\x03", id="deep collections"),
        pytest.param(b"\x04" + attribute(0x37, "", b"") + b"\x03", id="a collection that ends without a beginning"),
        pytest.param(b"\x04" + attribute(0x34, "a", b"") + b"\x03", id="the end within a collection"),
        pytest.param(b"\x04" + attribute(0x44, "", b"") * 20_001 + b"\x03", id="too many values"),
        pytest.param(b"\x04" + attribute(0x41, "a", b"") + b"\x41\xff\xff", id="a length that leads outside"),
    ],
)
def test_what_breaks_the_rules_is_refused(body: bytes) -> None:
    with pytest.raises(NotIpp):
        decode(SMALL[:8] + body)


def test_an_answer_longer_than_any_printer_s_is_refused_unread() -> None:
    with pytest.raises(NotIpp, match="expected 524288 at most"):
        decode(b"\x02\x00" + bytes(600_000))


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(raw: bytes) -> None:
    assert isinstance(_read(raw), (Answer, type(None)))


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_one_wrong_byte_is_read_or_refused(at: int, byte: int) -> None:
    assert isinstance(_read(SMALL[:at] + bytes([byte]) + SMALL[at + 1 :]), (Answer, type(None)))


def _read(raw: bytes) -> Answer | None:
    try:
        read = decode(raw)
    except NotIpp:
        return None
    told(read)
    return read
