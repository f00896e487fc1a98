"""Draw a QR code as SVG within the page: nothing is fetched, and no script draws it."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """Return a QR code of a text, four pixels a module with the quiet zone that cameras need."""
    return _svg(text, scale=4)


def qr_scaled(text: str) -> Markup:
    """Return a QR code of a text that is as large as its place, without losing its edges."""
    return _svg(text, omitsize=True)


def _svg(text: str, **size: object) -> Markup:
    drawn = segno.make(text, error="m", micro=False)
    return Markup(drawn.svg_inline(border=4, light="#fff", lineclass=None, svgclass="qr", **size))  # noqa: S704 # segno writes paths and numbers only
