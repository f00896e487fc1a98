"""Look at a window without a monitor: start Xvfb, and make a picture of its screen. Linux, with Xvfb installed."""

# ruff: noqa: INP001 - a script's part

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_WORDS = 25  # of the header of an X window dump (XWDFile.h)
_SIZE, _FORMAT, _WIDTH, _HEIGHT, _LINE_BYTES, _COLOURS = 0, 2, 4, 5, 12, 19
_BITS, _RED, _GREEN, _BLUE = 11, 14, 15, 16
_Z_PIXMAP = 2
_COLOUR_BYTES = 12
_PIXEL_BYTES = 4
_END_SECONDS = 10.0


@dataclass(frozen=True)
class Display:
    """Hold a running X server: its DISPLAY, and the file that is its screen."""

    name: str
    screen: Path


def find() -> str | None:
    """Return where Xvfb is, None when it is not installed."""
    return shutil.which("Xvfb")


@contextmanager
def running(folder: Path, size: str = "1280x800", dpi: int = 96) -> Iterator[Display]:
    """Run an X server on a display of its own; the context ends it."""
    reader, writer = os.pipe()
    program = find() or "Xvfb"
    command = [program, "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-dpi", str(dpi), "-nolisten", "tcp"]
    server = subprocess.Popen(  # noqa: S603 - a program of the system with arguments of ours
        [*command, "-fbdir", str(folder)], pass_fds=[writer], stderr=subprocess.DEVNULL
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb ended with {server.wait(_END_SECONDS)}")
        yield Display(f":{number}", folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(_END_SECONDS)


def png(dump: bytes) -> bytes:
    """Return the picture in an X window dump of 32 bits a dot; raises ValueError for another kind."""
    head = struct.unpack(f">{_WORDS}I", dump[: _WORDS * 4])
    if (head[_FORMAT], head[_BITS]) != (_Z_PIXMAP, 8 * _PIXEL_BYTES):
        raise ValueError(f"format {head[_FORMAT]} with {head[_BITS]} bits, expected {_Z_PIXMAP} with 32")
    width, height = head[_WIDTH], head[_HEIGHT]
    start = head[_SIZE] + head[_COLOURS] * _COLOUR_BYTES
    lines = []
    for row in range(height):
        line = dump[start + row * head[_LINE_BYTES] :][: width * _PIXEL_BYTES]
        dots = bytearray(width * 3)
        dots[0::3], dots[1::3], dots[2::3] = line[2::4], line[1::4], line[0::4]  # little-endian 0x00RRGGBB
        lines.append(b"\0" + bytes(dots))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, content = chunk
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
