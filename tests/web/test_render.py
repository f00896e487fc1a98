"""Who did something is told by what it is."""

from __future__ import annotations

import pytest

from machxa_web import render
from machxa_web.languages import load_languages


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("token grafana", "mã truy cập grafana", "access token grafana"),
        ("link", "qua đường dẫn một lần", "by a one-time link"),
        ("lan", "lan", "lan"),
        ("token", "token", "token"),
    ],
)
def test_who_did_something_is_told_in_words(name: str, vi: str, en: str) -> None:
    languages = load_languages()

    assert [render._who(languages[code], name) for code in ("vi", "en")] == [vi, en]
