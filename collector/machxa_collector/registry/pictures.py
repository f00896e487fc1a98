"""Take a photograph apart and put together what shows it: no place, time, owner, thumbnail or tail remains. Pure.

JPEG (ITU-T T.81) keeps its tables, frame and scans, and of EXIF the orientation alone; PNG (RFC 2083) its critical
chunks and transparency. Nothing is decoded, so no picture costs more than its bytes.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

MOST_BYTES = 6 * 1024 * 1024
_MOST_SIDE, _MOST_PIXELS = 20_000, 60_000_000
_MOST_PARTS = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended and progressive Huffman: what cameras and browsers know
_KEPT = frozenset({0xC4, 0xDB, 0xDD})  # Huffman and quantization tables, restart interval
_SOI, _EOI, _SOS, _APP1, _APP14 = 0xD8, 0xD9, 0xDA, 0xE1, 0xEE
_RESTARTS = range(0xD0, 0xD8)
_ORIENTATION, _SHORT = 0x0112, 3  # of TIFF 6.0
_ADOBE = 12  # bytes of its segment: how colours are coded


class BadPicture(ValueError):
    """Say why bytes are no photograph that we take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Hold a photograph of ours; media_type is image/jpeg or image/png, sides are in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def cleaned(content: bytes) -> Picture:
    """Return what shows a photograph and nothing else; raises BadPicture. The first bytes say what it is."""
    if len(content) > MOST_BYTES:
        raise BadPicture(f"it has {len(content)} bytes, at most {MOST_BYTES}")
    try:
        if content.startswith(_PNG):
            found = _png(content)
        elif content.startswith(b"\xff\xd8\xff"):
            found = _jpeg(content)
        else:
            raise BadPicture("it is neither JPEG nor PNG")
    except (struct.error, IndexError) as exc:
        raise BadPicture("it is cut off or damaged") from exc
    if not (0 < found.width <= _MOST_SIDE and 0 < found.height <= _MOST_SIDE):
        raise BadPicture(f"it has {found.width} x {found.height} pixels, at most {_MOST_SIDE} a side")
    if found.width * found.height > _MOST_PIXELS:
        raise BadPicture(f"it has {found.width * found.height} pixels, at most {_MOST_PIXELS}")
    return found


def media_type_of(content: bytes) -> str:
    """Return the type of a picture that was cleaned."""
    return "image/png" if content.startswith(_PNG) else "image/jpeg"


def _png(content: bytes) -> Picture:
    kept, at, sides, has_pixels = [_PNG], len(_PNG), (0, 0), False
    for number in range(_MOST_PARTS):
        length, name = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(name + body) != told or (number == 0) != (name == b"IHDR"):
            raise BadPicture("it is damaged")
        if number == 0:
            sides = struct.unpack_from(">II", body)
        if name in _PNG_KEPT:
            kept.append(content[at : at + 12 + length])
        has_pixels = has_pixels or name == b"IDAT"
        at += 12 + length
        if name == b"IEND":
            break
    else:
        raise BadPicture("it has too many parts")
    if not has_pixels:
        raise BadPicture("it has no pixels")
    return Picture(content=b"".join(kept), media_type="image/png", width=sides[0], height=sides[1])


def _jpeg(content: bytes) -> Picture:
    kept, at, sides, orientation, has_pixels = bytearray(), 2, (0, 0), 1, False
    for _ in range(_MOST_PARTS):
        at, marker = _marker(content, at)
        if marker == _EOI:
            break
        (length,) = struct.unpack_from(">H", content, at)
        segment = content[at : at + length]
        if len(segment) != length or length < 2:  # noqa: PLR2004 - the length counts itself
            raise BadPicture("it is cut off or damaged")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", segment, 3)
            sides = (width, height)
        elif marker == _APP1 and segment[2:8] == b"Exif\0\0":
            orientation = _orientation(segment[8:])
        is_adobe = marker == _APP14 and segment[2:7] == b"Adobe" and length == _ADOBE + 2
        at += length
        if marker in _FRAMES or marker in _KEPT or is_adobe:
            kept += bytes((0xFF, marker)) + segment
        elif marker == _SOS:
            end = _end_of_scan(content, at)
            kept += bytes((0xFF, marker)) + segment + content[at:end]
            at, has_pixels = end, True
    else:
        raise BadPicture("it has too many parts")
    if not has_pixels:
        raise BadPicture("it has no pixels")
    whole = b"\xff\xd8" + _turned(orientation) + bytes(kept) + b"\xff\xd9"
    return Picture(content=whole, media_type="image/jpeg", width=sides[0], height=sides[1])


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Return where a marker's segment begins, and the marker; fill bytes before it are passed over."""
    if content[at] != 0xFF:  # noqa: PLR2004 - what begins every marker
        raise BadPicture("it is cut off or damaged")
    while content[at] == 0xFF:  # noqa: PLR2004 - likewise
        at += 1
    return at + 1, content[at]


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the next marker stands behind the data of a scan."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise BadPicture("it is cut off or damaged")
        if content[at + 1] == 0 or content[at + 1] in _RESTARTS:
            at += 2
        else:
            return at


def _orientation(tiff: bytes) -> int:
    """Return how a camera was held (1 to 8), 1 where it is not told."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for number in range(min(count, 100)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * number)
            if tag == _ORIENTATION and kind == _SHORT and 1 <= value <= 8:  # noqa: PLR2004 - of EXIF
                return int(value)
    except struct.error:
        pass
    return 1


def _turned(orientation: int) -> bytes:
    """Return the EXIF segment that says nothing but how to turn a picture, none where it stands upright."""
    if orientation == 1:
        return b""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
