"""What files say in Vietnamese they say in English, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import machxa_collector
from machxa_collector.api import availability, lists, model_files, system_hour_views
from machxa_collector.planning import more_tables, tables, years
from machxa_collector.planning import spoken as planned
from machxa_collector.planning.rules import read_rules
from machxa_collector.purchasing import providers
from machxa_collector.registry.sheets import showing
from machxa_collector.registry.speech import Language
from machxa_collector.registry.speech.words import ENGLISH

COLLECTOR = Path(next(iter(machxa_collector.__path__)))
SAID = re.compile(r'\bsay\(\s*"([^"]+)"')


def laid_out() -> Iterator[str]:
    """Yield headings and fixed words of plans and of providers' sheets."""
    for columns in (
        tables._LINE, tables._SUMMARY, more_tables._REALLOCATION, more_tables._PACKAGES, more_tables._BASIS,
        years._FIVE, providers._SUMMARY, providers._SHEET,
    ):  # fmt: skip
        yield from (one.text for one in columns)
    for words in (planned.ITEMS, planned.ACTIONS, planned.ANSWERS, planned.WAYS):
        yield from words.values()
    for named in (planned.PARTS, planned.REASONS, planned.RULES, providers._STATES):
        yield from named.values()
    yield from (row.name for row in read_rules("").commodity)


def spoken() -> Iterator[str]:
    yield from laid_out()
    for path in COLLECTOR.rglob("*.py"):
        text = path.read_text("utf-8")
        if "import Language" in text:
            yield from SAID.findall(text)
    for columns in (lists._COMMUNES, lists._DEVICES, lists._AGENTS):
        yield from (one.text for one in columns)
    for words in (lists.SERVING, lists.PRESENCE, lists.ROLES, showing._HOW, availability._TITLES):
        yield from words.values()
    yield from system_hour_views.CSV_TITLES
    yield from (heading for _, heading, _ in model_files._COLUMNS)


def test_every_word_of_files_is_there_in_english() -> None:
    assert sorted({text for text in spoken() if text not in ENGLISH}) == []


def test_english_is_english_with_the_same_places_to_fill() -> None:
    foreign = re.compile("[ăâêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
    names = re.compile("Mạch Xã|đồng")

    assert [en for en in ENGLISH.values() if foreign.search(names.sub("", en))] == []
    assert [
        vi for vi, en in ENGLISH.items() if sorted(re.findall(r"{\w+}", vi)) != sorted(re.findall(r"{\w+}", en))
    ] == []


def test_what_is_none_of_our_words_stays_as_it_is() -> None:
    assert [one.say("Xã Long Hiệp") for one in Language] == ["Xã Long Hiệp", "Xã Long Hiệp"]
    assert [one.say("Mã đơn vị") for one in Language] == ["Mã đơn vị", "Unit code"]
