"""Notice Vietnamese written for the fonts of the 1990s, TCVN3 (.VnTime) and VNI, which is no Unicode text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from machxa_collector.registry.sheets import BadFile, Row

# Signs of Latin-1 that Vietnamese never has, beside a letter: "M¸y tÝnh" (TCVN3), "Maùy", "Tröôøng" (VNI).
_ODD = "µ¶·¸¹¨»¾¼½ÆÇËÎÏÑªÖ×ØÜÞßäå«æç®¬ëîïñöø÷ûüþ\u00ad"
_TCVN3 = re.compile(f"[a-z][{_ODD}]|[{_ODD}][a-z]", re.IGNORECASE)
_VNI = re.compile("[aeiouyöôâêî][ùøûõïáàåãäéèëúüâêöôñ]", re.IGNORECASE)
_UNICODE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
_LEAST = 3


class Font(Enum):
    """Name the fonts of a kind, each of which puts Vietnamese letters in places of its own."""

    TCVN3 = "TCVN3 (.VnTime)"
    VNI = "VNI"


def refuse_old_fonts(rows: Iterable[Row]) -> None:
    """Raise BadFile with advice, naming the font, when the texts of the first rows were typed for an old one."""
    font = font_of(cell for row in rows for cell in row.cells if isinstance(cell, str))
    if font is not None:
        raise BadFile(
            f"chữ gõ bằng phông {font.value}, không phải Unicode: dùng UniKey chuyển mã sang Unicode "
            "(Ctrl+Shift+F6) rồi lưu lại",
            f"the texts were typed for a {font.value} font, not in Unicode: convert them, with UniKey for "
            "example, and save again",
        )


def font_of(texts: Iterable[str]) -> Font | None:
    """Return the kind of old font for which most of the texts were typed, None when that is none."""
    told = [text for text in texts if not text.isascii()]
    odd = sum(1 for text in told if _TCVN3.search(text) and not _UNICODE.search(text))
    vni = sum(1 for text in told if _VNI.search(text) and not _UNICODE.search(text) and _has_vni_sign(text))
    proper = sum(1 for text in told if _UNICODE.search(text))
    if max(odd, vni) < _LEAST or max(odd, vni) <= proper:
        return None
    return Font.VNI if vni >= odd else Font.TCVN3  # only VNI writes a vowel and its mark as two signs


def _has_vni_sign(text: str) -> bool:
    return any(sign in text.lower() for sign in "øûïöñåäëü") or bool(re.search("[aeiouy][ùõ]", text.lower()))
