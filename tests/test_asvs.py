"""The table of OWASP ASVS 5.0.0, levels 1 and 2, is whole and points at what exists."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATUSES = {"tested", "reviewed", "documented", "planned", "not applicable"}


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_requirement_of_both_levels_stands_once_in_order() -> None:
    ids = [tuple(map(int, row["id"].split("."))) for row in rows()]
    chapters = Counter(chapter for chapter, _, _ in ids)

    assert ids == sorted(set(ids))
    assert Counter(row["level"] for row in rows()) == {"1": 70, "2": 183}
    assert chapters == {
        1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7,
        10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
    }  # fmt: skip


def test_what_is_said_to_be_tested_names_a_test_and_everything_else_a_reason() -> None:
    for row in rows():
        assert row["status"] in STATUSES, row
        if row["status"] == "tested":
            assert re.fullmatch(r"tests/.*test_\w+\.py", row["where"]), row
        else:
            assert row["how"], row
        if row["status"] in ("planned", "not applicable"):
            assert row["where"] == "", row
        else:
            assert (ROOT / row["where"]).exists(), row


def test_the_summary_counts_what_the_table_holds() -> None:
    counts = Counter(row["status"] for row in rows())

    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    told = {status: int(count) for status, count in re.findall(r"^\| ([a-z ]+) \| (\d+) \|$", text, re.MULTILINE)}
    assert told == dict(counts)
