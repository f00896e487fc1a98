"""What is read off the wire by checks: tables of cases, and whatever bytes there are."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.checks import http, timestamp
from machxa_agent.checks.addresses import refusal
from machxa_agent.checks.certificate import days_left, not_after
from machxa_agent.checks.der import NotDer, part, value


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", http.Head(200, {"a": "b"}, 25)),
        (b"HTTP/1.0 404\r\n\r\n", http.Head(404, {}, 16)),
        (b"HT", None),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", None),
    ],
)
def test_a_head_is_read_once_it_is_whole(raw: bytes, expected: http.Head | None) -> None:
    assert http.head(raw) == expected


@pytest.mark.parametrize(
    "raw", [b"SSH-2.0-x\r\n", b"\x15\x03\x01", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 99 x\r\n\r\n", b"<html>"]
)
def test_what_is_no_head_is_refused(raw: bytes) -> None:
    with pytest.raises(http.NotHttp):
        http.head(raw)


def test_a_body_comes_whole_or_in_chunks() -> None:
    plain, chunked = http.Head(200, {"content-length": "4"}, 0), http.Head(200, {"transfer-encoding": "Chunked"}, 0)

    assert http.body(b"abc", plain) == (b"abc", False)
    assert http.body(b"abcdef", plain) == (b"abcd", True)
    assert http.body(b"abcdef", http.Head(200, {}, 2)) == (b"cdef", False)
    assert http.body(b"3\r\n\xc4\x90\xc4\r\n1;x=y\r\n\x83\r\n0\r\n\r\n", chunked) == ("Đă".encode(), True)
    assert http.body(b"5\r\nabc", chunked) == (b"abc", False)
    assert http.body(b"zz", chunked) == (b"", False)


def test_a_compressed_body_is_read_as_far_as_it_came_and_no_further_than_it_may_grow() -> None:
    gzipped, told = gzip.compress(b"one-stop" + bytes(10_000_000)), http.Head(200, {"content-encoding": "gzip"}, 0)

    assert http.text(gzipped[:60], told).startswith(b"one-stop")
    assert len(http.text(gzipped, told)) == http.MOST_TEXT_BYTES
    assert http.text(b"plain", told) == b""
    assert http.text(b"plain", http.Head(200, {}, 0)) == b"plain"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/login", ("a.test", 8443)),
        ("login?x=//y", ("a.test", 8443)),
        ("https://a.test/", ("a.test", 443)),
        ("HTTP://B.test:81/x", ("b.test", 81)),
        ("//c.test/x", ("c.test", 8443)),
        ("http://user@a.test/", ("?", 0)),
        ("javascript:alert(1)", ("?", 0)),
        ("\\\\evil.test", ("?", 0)),
        ("http://[::1]/", ("?", 0)),
    ],
)
def test_a_redirect_leads_to_a_host_or_to_nothing_plain(location: str, expected: tuple[str, int]) -> None:
    assert http.leads_to(location, "a.test", 8443) == expected


def test_a_request_says_nothing_of_who_asks() -> None:
    told = http.request("a.test", 8443, "/x", scheme="https").decode().split("\r\n")

    assert told[:2] == ["GET /x HTTP/1.1", "Host: a.test:8443"]
    assert {line.partition(":")[0] for line in told[1:] if line} == {
        "Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"
    }  # fmt: skip


IMPRINT = bytes(range(32))
TOKEN = value(0x30, value(0x06, b"\x2a") + value(0xA0, IMPRINT))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (value(0x30, value(0x30, value(0x02, b"\0")) + TOKEN), True),
        (value(0x30, value(0x30, value(0x02, b"\1")) + TOKEN), True),
        (value(0x30, value(0x30, value(0x02, b"\2")) + TOKEN), False),
        (value(0x30, value(0x30, value(0x02, b"\0"))), False),
        (value(0x30, value(0x30, value(0x02, b"\0")) + value(0x30, b"")), False),
        (b"<html>", None),
        (b"", None),
        (value(0x30, b""), None),
        (value(0x30, value(0x30, b"")), None),
        (b"\x30\x80" + bytes(8), None),
        (b"\x30\x84\xff\xff\xff\xff", None),
    ],
    ids=["granted", "granted with mods", "rejected", "no token", "another's token", "html", "nothing", "empty",
         "no status", "indefinite", "four gigabytes"],
)  # fmt: skip
def test_a_time_stamp_reply_says(raw: bytes, expected: bool | None) -> None:  # noqa: FBT001
    found = timestamp.reply(raw, IMPRINT)

    assert (None if found is None else found.is_granted) is expected


def test_a_query_is_what_rfc_3161_says() -> None:
    assert timestamp.query(IMPRINT).hex() == ("30360201013031300d060960864801650304020105000420" + IMPRINT.hex())


@pytest.mark.parametrize("year", [1999, 2027, 2049, 2050, 2099])
def test_a_certificates_days_are_counted_from_its_der(year: int) -> None:
    ends = datetime(year, 6, 1, 12, tzinfo=timezone.utc)
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = builder.serial_number(5).not_valid_before(ends - timedelta(days=9)).not_valid_after(ends)
    raw = built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    assert not_after(raw) == ends.timestamp()
    assert days_left(raw, (ends - timedelta(days=3, seconds=1)).timestamp()) == 3
    assert days_left(raw, (ends + timedelta(seconds=1)).timestamp()) == -1


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_whatever_comes_is_read_or_refused_and_never_raises_otherwise(raw: bytes, more: bytes) -> None:
    for content in (raw, b"HTTP/1.1 200 OK\r\n" + raw, b"HTTP/1.1 302 x\r\nLocation: " + more + b"\r\n\r\n" + raw):
        try:
            head = http.head(content)
        except http.NotHttp:
            continue
        if head is not None:
            http.body(content, head)
            http.body(content, http.Head(200, {"transfer-encoding": "chunked"}, head.size))
            assert isinstance(http.leads_to(head.redirect or "", "a.test", 80), tuple)
    timestamp.reply(raw, IMPRINT)
    timestamp.reply(value(0x30, value(0x30, value(0x02, more)) + raw), IMPRINT)
    not_after(raw)
    not_after(value(0x30, value(0x30, raw)))
    refusal(raw[:16], ("10.0.0.0/8",), 80)


@given(st.integers(0, 255).filter(lambda tag: tag & 31 != 31), st.binary(max_size=70_000))
def test_der_is_read_as_it_was_written(tag: int, content: bytes) -> None:
    written = value(tag, content)

    assert part(written + b"more") == (tag, content, len(written))
    with pytest.raises(NotDer):
        part(written[:-1] if content else written[:1])
