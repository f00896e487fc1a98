"""Judge and keep passwords: argon2id, at least 12 characters, none that lists or the place itself give away.

No rules of composition and no forced change: both make passwords worse (NIST SP 800-63B, OWASP ASVS 5.0 section 6.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum

from argon2.exceptions import VerificationError
from argon2.low_level import Type, hash_secret, verify_secret
from zxcvbn.matching import RANKED_DICTIONARIES, build_ranked_dict, omnimatch  # type: ignore[import-untyped] # ships no types
from zxcvbn.scoring import most_guessable_match_sequence  # type: ignore[import-untyped] # ships no types

SALT_BYTES = 16
FEWEST_CHARACTERS = 12
MOST_CHARACTERS = 128

_MEMORY_KIB = 19 * 1024  # OWASP's first choice for argon2id: 19 MiB, two passes, one lane
_PASSES = 2
_LANES = 1
_HASH_BYTES = 32
_FEWEST_GUESSES = 10**8  # zxcvbn: what a rate-limited attacker with a list will not reach in years
_SHORTEST_WORD = 4  # letters; shorter ones are in every sentence
_FEWEST_OWN_LETTERS = 4
_FEWEST_OWN_SIGNS = 8
_JUDGED_CHARACTERS = 72  # zxcvbn's own bound: its time grows with the square

COMMON = (
    "matkhau", "machxa", "dichvucong", "motcua", "hanhchinhcong", "ubnd", "uyban", "uybannhandan", "congan", "vneid",
    "vietnam", "hanoi", "saigon", "hochiminh", "toiyeuvietnam", "anhyeuem", "emyeuanh", "emyeu", "anhyeu", "giadinh",
    "xinchao", "phuong", "tinhuy", "danguy", "vanphong", "quantri", "nguoidung", "taikhoan", "canbo", "congchuc",
    "vnpt", "viettel", "ioffice", "igate", "hotich", "chungthuc", "diachinh", "tuphap", "password", "admin",
)  # fmt: skip


class Unfit(Enum):
    """Say why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    KNOWN = "known"


def normal(password: str) -> str:
    """Return the one form in which a password is hashed: keyboards write "ồ" as one sign or as three (NFC)."""
    return unicodedata.normalize("NFC", password)


def unfit(password: str, words: Sequence[str]) -> Unfit | None:
    """Return why a password is not taken, None when it is.

    words are what an attacker tries first here, likeliest first: login, name, unit, province, names of communes. They
    count with and without accents and spaces.
    """
    text = normal(password)
    if len(text) < FEWEST_CHARACTERS:
        return Unfit.SHORT
    if len(text) > MOST_CHARACTERS:
        return Unfit.LONG
    local = list(dict.fromkeys(squeezed(word) for word in (*COMMON, *words) if word))
    return Unfit.KNOWN if _is_local(squeezed(text), local) or _guesses(text, local) < _FEWEST_GUESSES else None


def plain_letters(text: str) -> str:
    """Return a text without Vietnamese accents: what a lazy keyboard would write."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def squeezed(word: str) -> str:
    """Return a word as it stands in a password: small letters, no accents, no spaces."""
    return "".join(plain_letters(word).lower().split())


def hashed(password: str, salt: bytes) -> str:
    """Return what is kept of a password (PHC string); salt is 16 random bytes."""
    return hash_secret(
        _bytes(password), salt, time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES, hash_len=_HASH_BYTES,
        type=Type.ID,
    ).decode()  # fmt: skip


def matches(kept: str | None, password: str) -> bool:
    """Return whether a password is the kept one; None (no such person, none set yet) takes as long and never is."""
    try:
        is_same = verify_secret((kept or _NOBODYS).encode(), _bytes(password), Type.ID)
    except VerificationError:
        return False
    return is_same and kept is not None


def _is_local(text: str, local: Sequence[str]) -> bool:
    """Return whether a password is made of words of the place, and hardly anything of the person's own."""
    words = sorted((re.escape(word) for word in local if len(word) >= _SHORTEST_WORD), key=len, reverse=True)
    own = re.sub("|".join(words), "", text)
    letters = sum(map(str.isalpha, own))
    return own != text and letters < _FEWEST_OWN_LETTERS and len(own) - letters < _FEWEST_OWN_SIGNS


def _guesses(text: str, local: list[str]) -> float:
    """Return how many guesses zxcvbn thinks a password takes; the years it does not know count as one it knows."""
    judged = re.sub(r"20[2-4]\d", "2010", plain_letters(text)[:_JUDGED_CHARACTERS])
    matches = omnimatch(judged, {**RANKED_DICTIONARIES, "user_inputs": build_ranked_dict(local)})
    guesses: float = most_guessable_match_sequence(judged, matches)["guesses"]
    return guesses


def _bytes(password: str) -> bytes:
    return normal(password).encode("utf-8", "replace")


_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
