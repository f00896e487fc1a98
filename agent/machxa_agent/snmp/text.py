"""Turn octet strings of devices into text: character sets, padding, control characters, blanks of our own making."""

from __future__ import annotations

import re
import unicodedata
from typing import Optional

MOST_LETTERS = 1000  # of one value; a device that says more is cut
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufffd]+")
_LETTER = re.compile(r"[^\W_]")
_BLANK = re.compile(
    r"^(?:null|n/?a|none|unknown|unknown[- ]version|not[- ](?:available|specified|set)|-+|\.+|0+|f{6,}|<private>|"
    r"0x[0-9a-f]+|[\w.:-]+\.[xeo]hci|\w+_usb)$",  # the second line: of a USB bridge that Linux lists as an entity
    re.IGNORECASE,
)
# prtLocalizationCharacterSet (IANA character set numbers) that Python reads under another name
_CHARSETS = {
    3: "ascii", 4: "latin-1", 5: "iso8859-2", 6: "iso8859-3", 7: "iso8859-4", 8: "iso8859-5", 9: "iso8859-6",
    10: "iso8859-7", 11: "iso8859-8", 12: "iso8859-9", 13: "iso8859-10", 17: "shift_jis", 18: "euc_jp", 38: "euc_kr",
    106: "utf-8", 109: "iso8859-13", 110: "iso8859-14", 111: "iso8859-15", 112: "iso8859-16", 113: "gbk",
    114: "gb18030", 1013: "utf-16-be", 1014: "utf-16-le", 1015: "utf-16", 2004: "hp-roman8", 2009: "cp850",
    2010: "cp852", 2011: "cp437", 2013: "cp862", 2025: "gb2312", 2026: "big5", 2250: "cp1250", 2251: "cp1251",
    2252: "cp1252", 2253: "cp1253", 2254: "cp1254", 2255: "cp1255", 2256: "cp1256", 2257: "cp1257", 2258: "cp1258",
    2259: "tis-620",
}  # fmt: skip


def charset(number: Optional[int]) -> Optional[str]:
    """Return Python's name of a prtLocalizationCharacterSet; None where the number is missing or unknown."""
    return None if number is None else _CHARSETS.get(number)


def decoded(raw: bytes, said: Optional[str] = None) -> str:
    """Return a device's octets as one line of text, empty where they hold nothing.

    UTF-8 is tried first whatever the device says it speaks (Sharp and HP send it unannounced), then what it says,
    then GB18030 where that gives Chinese letters (Ruijie, H3C), then Latin-1. What follows the first NUL is left
    out (JetDirect ends names with NUL); 0xFF is Lexmark's blank.
    """
    head = raw.lstrip(b"\x00").split(b"\x00", 1)[0].replace(b"\xff", b" ")[: MOST_LETTERS * 4]
    return _SPACE.sub(" ", _letters(head, said)).strip()[:MOST_LETTERS]


def lines(raw: bytes) -> str:
    """Return a device's octets with its line breaks kept, for patterns that look at lines."""
    return "\n".join(part for part in (decoded(line) for line in re.split(rb"[\r\n]+", raw[:4000])) if part)


def known(text: Optional[str]) -> Optional[str]:
    """Return a text, or None where it only says that there is none: ``NULL`` (Ricoh), ``FFFFFFFF`` (APC), zeros."""
    if text is None:
        return None
    stripped = text.strip(" \"'\t")
    return stripped if _LETTER.search(stripped) and not _BLANK.match(stripped) else None


def _letters(raw: bytes, said: Optional[str]) -> str:
    for name in ("utf-8", said):
        if name is not None:
            try:
                return raw.decode(name)
            except (UnicodeDecodeError, LookupError):
                pass
    try:
        chinese = raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
    wide = [letter for letter in chinese if not letter.isascii()]
    likely = len(wide) > 1 and all("CJK UNIFIED" in unicodedata.name(letter, "") for letter in wide)
    return chinese if likely else raw.decode("latin-1")
