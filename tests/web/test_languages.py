from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import machxa_web
from machxa_web.languages import CODES, Unit, load_languages

PACKAGE = Path(next(iter(machxa_web.__path__)))
LANGUAGES = load_languages()
NOW = datetime(2026, 11, 24, 7, 5, 52, tzinfo=UTC)
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("static/**.js", "javascript")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"msg": None, "_": None, "gettext": None, "ngettext": (1, 2)}


def used() -> Iterator[str | tuple[str, ...]]:
    for _, _, message, _, _ in extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS):
        yield tuple(message) if isinstance(message, list | tuple) else message


def catalogue(code: str) -> Catalog:
    with (PACKAGE / "locale" / code / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def ids(found: Catalog) -> set[str | tuple[str, ...]]:
    return {tuple(one.id) if isinstance(one.id, list | tuple) else one.id for one in found if one.id}


@pytest.mark.parametrize("code", CODES)
def test_every_message_used_is_in_the_catalogue_and_no_other(code: str) -> None:
    assert ids(catalogue(code)) == set(used())


@pytest.mark.parametrize("code", CODES)
def test_no_message_is_fuzzy_obsolete_or_untranslated(code: str) -> None:
    found = catalogue(code)

    texts = [text for one in found for text in ([one.string] if isinstance(one.string, str) else one.string or [""])]

    assert ([one.id for one in found if one.id and one.fuzzy], list(found.obsolete), texts.count("")) == ([], [], 0)


@pytest.mark.parametrize("code", CODES)
def test_every_message_keeps_its_placeholders(code: str) -> None:
    assert [(one.id, list(map(str, one.check()))) for one in catalogue(code) if list(one.check())] == []


@pytest.mark.parametrize("code", CODES)
def test_no_message_holds_a_percent_sign_that_a_page_would_take_for_a_placeholder(code: str) -> None:
    texts = [
        text for one in catalogue(code) for text in ([one.string] if isinstance(one.string, str) else one.string or ())
    ]

    assert [text for text in texts if "%" in re.sub(r"%\(\w+\)s|%%", "", str(text))] == []


@pytest.mark.parametrize(
    ("value", "unit", "vi", "en"),
    [
        (None, Unit.BYTES, "–", "–"),
        (0, Unit.BYTES, "0 B", "0 B"),
        (8 * 1024**3, Unit.BYTES, "8 GB", "8 GB"),
        (1.5 * 1024**3, Unit.BYTES, "1,5 GB", "1.5 GB"),
        (234_000_000_000_000, Unit.BYTES, "213 TB", "213 TB"),
        (0.0234, Unit.RATIO, "2,3%", "2.3%"),
        (0.27, Unit.RATIO, "27%", "27%"),
        (1_340_000, Unit.BITS_PER_SECOND, "1,3 Mbit/s", "1.3 Mbit/s"),
        (524_288, Unit.BYTES_PER_SECOND, "512 KB/s", "512 KB/s"),
    ],
)
def test_amounts_are_written_as_people_here_do(value: float | None, unit: Unit, vi: str, en: str) -> None:
    assert (LANGUAGES["vi"].amount(value, unit), LANGUAGES["en"].amount(value, unit)) == (vi, en)


def test_moments_are_day_month_year_in_viet_nam_s_time() -> None:
    assert LANGUAGES["vi"].moment(NOW) == "24/11/2026 14:05:52"


def test_a_moment_of_today_needs_no_date() -> None:
    vi = LANGUAGES["vi"]

    assert (vi.clock(NOW, NOW), vi.clock(NOW - timedelta(hours=15), NOW)) == ("14:05:52", "23/11/2026 23:05:52")


@pytest.mark.parametrize(
    ("passed", "vi", "en"),
    [
        (timedelta(seconds=42), "42 giây trước", "42 seconds ago"),
        (timedelta(minutes=7), "7 phút trước", "7 minutes ago"),
        (timedelta(hours=3), "3 giờ trước", "3 hours ago"),
        (timedelta(seconds=-5), "1 giây trước", "1 second ago"),
    ],
    ids=["seconds", "minutes", "hours", "ahead of the centre"],
)
def test_ages_are_said_in_words(passed: timedelta, vi: str, en: str) -> None:
    said = [LANGUAGES[code].age(NOW - passed, NOW) for code in ("vi", "en")]

    assert said == [vi, en]
