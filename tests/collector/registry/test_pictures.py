"""A photograph is taken apart and put together: what shows it stays, place, time and tail do not."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.pictures import MOST_BYTES, BadPicture, cleaned, media_type_of

SECRET = b"10.2541,105.9722 NGUYEN VAN A"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(orientation: int = 6, *, order: str = "<") -> bytes:
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return segment(0xE1, b"Exif\0\0" + head + struct.pack(order + "H", 1) + entry + bytes(4) + SECRET)


FRAME = segment(0xC0, struct.pack(">BHHB", 8, 480, 640, 1) + b"\x01\x11\x00")
TABLES = segment(0xDB, b"\0" + b"\x10" * 64) + segment(0xC4, b"\0" + bytes(16))
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
ADOBE = segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
END = b"\xff\xd9"
JPEG = b"\xff\xd8" + TABLES + FRAME + SCAN + END


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 1, more: bytes = b"", tail: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", zlib.compress(b"\0ab")) + chunk(b"IEND", b"") + tail


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            b"\xff\xd8" + segment(0xE0, b"JFIF\0" + SECRET) + TABLES + FRAME + SCAN + END, id="JFIF's thumbnail"
        ),
        pytest.param(b"\xff\xd8" + segment(0xED, SECRET) + TABLES + FRAME + SCAN + END, id="IPTC"),
        pytest.param(b"\xff\xd8" + TABLES + segment(0xFE, SECRET) + FRAME + SCAN + END, id="a comment"),
        pytest.param(b"\xff\xd8" + TABLES + FRAME + b"\xff\xff" + SCAN + END + b"PK\x03\x04" + SECRET, id="a tail"),
        pytest.param(b"\xff\xd8" + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET) + JPEG[2:], id="XMP"),
    ],
)
def test_of_a_jpeg_remains_what_shows_it(content: bytes) -> None:
    found = cleaned(content)

    assert (found.content, found.width, found.height, found.media_type) == (JPEG, 640, 480, "image/jpeg")


@pytest.mark.parametrize("order", ["<", ">"])
def test_of_exif_remains_how_the_camera_was_held(order: str) -> None:
    found = cleaned(b"\xff\xd8" + exif(6, order=order) + JPEG[2:])
    again = cleaned(found.content)

    assert SECRET not in found.content
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in found.content
    assert again == found
    assert cleaned(b"\xff\xd8" + exif(9, order=order) + JPEG[2:]).content == JPEG


def test_how_colours_are_coded_stays() -> None:
    assert cleaned(b"\xff\xd8" + ADOBE + JPEG[2:]).content == b"\xff\xd8" + ADOBE + JPEG[2:]


def test_of_a_png_remain_its_pixels() -> None:
    found = cleaned(png(more=chunk(b"tEXt", SECRET) + chunk(b"eXIf", SECRET), tail=SECRET))

    assert (found.content, found.width, found.height) == (png(), 2, 1)
    assert media_type_of(found.content) == found.media_type == "image/png"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "neither", id="nothing"),
        pytest.param(b"<svg onload=alert(1)>", "neither", id="SVG"),
        pytest.param(b"GIF89a", "neither", id="GIF"),
        pytest.param(b"\xff\xd8\xff", "cut off", id="only the start"),
        pytest.param(JPEG[:-3], "cut off", id="cut in the scan"),
        pytest.param(b"\xff\xd8" + TABLES + FRAME + END, "no pixels", id="no scan"),
        pytest.param(JPEG.replace(struct.pack(">HH", 480, 640), struct.pack(">HH", 480, 0)), "pixels", id="no width"),
        pytest.param(png(20_001), "a side", id="too wide"),
        pytest.param(png(10_000, 10_000), "at most 60000000", id="too many pixels"),
        pytest.param(png()[:-20] + b"x" + png()[-19:], "damaged", id="a PNG with a wrong sum"),
        pytest.param(b"\xff\xd8\xff" + bytes(MOST_BYTES), "at most", id="too long"),
    ],
)
def test_what_is_no_photograph_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadPicture, match=reason):
        cleaned(content)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\xff\xd8" + TABLES + FRAME, png()[:40], JPEG]))
def test_whatever_comes_is_a_picture_or_refused(tail: bytes, head: bytes) -> None:
    try:
        found = cleaned(head + tail)
    except BadPicture:
        return

    assert cleaned(found.content) == found
