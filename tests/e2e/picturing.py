"""Make a picture small: at most 256 colours, each other one as the nearest of these. The browser counts the colours."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE = 3  # colour type of ISO/IEC 15948


def small(page: Page, png: bytes) -> bytes:
    """Return a PNG with a palette; page is an empty one, and is drawn on."""
    told = page.evaluate(_COUNTED, base64.b64encode(png).decode())
    colours, places = base64.b64decode(told["colours"]), base64.b64decode(told["places"])
    width, height = int(told["width"]), int(told["height"])
    rows = b"".join(b"\0" + places[row * width : (row + 1) * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, _PALETTE, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


_COUNTED = """async (png) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const drawn = canvas.getContext('2d', {willReadFrequently: true});
  drawn.drawImage(image, 0, 0);
  const dots = new Uint32Array(drawn.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const dot of dots) counts.set(dot, (counts.get(dot) || 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map((one) => one[0]);
  const parts = (dot) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
  const palette = common.map(parts), place = new Map(common.map((dot, number) => [dot, number]));
  const nearest = (dot) => {
    const [r, g, b] = parts(dot);
    let best = 0, least = Infinity;
    palette.forEach(([pr, pg, pb], number) => {
      const far = 2 * (pr - r) ** 2 + 4 * (pg - g) ** 2 + (pb - b) ** 2;
      if (far < least) { least = far; best = number; }
    });
    return best;
  };
  const places = new Uint8Array(dots.length);
  dots.forEach((dot, at) => {
    let found = place.get(dot);
    if (found === undefined) place.set(dot, found = nearest(dot));
    places[at] = found;
  });
  const text = (bytes) => {
    let said = '';
    for (let at = 0; at < bytes.length; at += 32768) said += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(said);
  };
  const colours = text(Uint8Array.from(palette.flat()));
  return {width: image.width, height: image.height, colours, places: text(places)};
}"""
