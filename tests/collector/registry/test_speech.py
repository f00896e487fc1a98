"""What files say in Vietnamese they say in English, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import machxa_collector
from machxa_collector.api import availability, lists, model_files, system_hour_views
from machxa_collector.registry.sheets import showing
from machxa_collector.registry.speech import Language
from machxa_collector.registry.speech.words import ENGLISH

COLLECTOR = Path(next(iter(machxa_collector.__path__)))
SAID = re.compile(r'\.say\(\s*"([^"]+)"')


def spoken() -> Iterator[str]:
    for path in COLLECTOR.rglob("*.py"):
        yield from SAID.findall(path.read_text("utf-8"))
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
