"""Make a plan of what was read, and the files of it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from machxa_collector.planning.budget import greedy
from machxa_collector.planning.more_tables import all_tables
from machxa_collector.planning.outcome import Outcome, settled
from machxa_collector.planning.overrides import overridden
from machxa_collector.planning.province import next_money, options
from machxa_collector.planning.seal import sha256_of
from machxa_collector.planning.tables import Table, line_tables
from machxa_collector.purchasing.papers import Scenario
from machxa_collector.purchasing.situation import Situation
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.records import Cell
from machxa_collector.registry.sheets.formula import Formula
from machxa_collector.registry.speech import Language
from machxa_collector.sheets.write import Page, Stamp, write_csv, write_xlsx

_HASH_DIGITS = 16  # of a SHA-256, enough to tell plans apart
_STAMP = ("Phương án kinh phí", "Mã băm của kế hoạch")
_SHEET_NAME = 31  # characters, of a workbook's
_NOT_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\'")


def outcome(said: Situation, scenario: Scenario, *, exact: bool = False) -> Outcome:
    """Return the plan of a scenario; exact asks the solver, which needs machxa[optimize]."""
    needs, overrides = overridden(said.needs(scenario.locks), scenario.overrides)
    all_ = options(needs, scenario.ceilings)
    if exact:
        from machxa_collector.planning.exact import solve  # noqa: PLC0415 - an extra, loaded where it is asked for

        plan = solve(all_, scenario.ceilings)
    else:
        plan = greedy(all_, scenario.ceilings)
    return Outcome(
        name=scenario.name,
        needs=needs,
        options=all_,
        ceilings=scenario.ceilings,
        plan=plan,
        more=next_money(all_, scenario.ceilings, plan),
        locks=scenario.locks,
        stamp=said.stamp,
        overrides=overrides,
    )


def workbook(found: Outcome, author: str, now_ms: int, language: Language = Language.VIETNAMESE) -> BinaryIO:
    """Return the plan's workbook; the same plan gives the same bytes but for its stamp and language.

    Sheets whose form a decree or a ministry fixes stay Vietnamese, and the last sheet says so.
    """
    title = language.say("Mạch Xã: kế hoạch mua sắm, {name}, {stamp}").format(name=found.name, stamp=found.stamp)
    return book_of(all_tables(found, language), title, author, now_ms, language)


def book_of(
    sheets: Iterable[Table], title: str, author: str, now_ms: int, language: Language = Language.VIETNAMESE
) -> BinaryIO:
    """Return tables as a workbook."""
    at = datetime.fromtimestamp(now_ms // 1000, LOCAL).replace(tzinfo=None)
    out, taken = io.BytesIO(), set[str]()
    pages = [_page(table, taken) for table in sheets]
    write_xlsx(out, pages, Stamp(title=title, author=author, at=at, language=language))
    out.seek(0)
    return out


def csv_of(found: Outcome, language: Language = Language.VIETNAMESE) -> Iterable[bytes]:
    """Give the line list, what is paid and what is left out, as one CSV file; each row names the plan."""
    lines = tuple(settled(found))
    all_ = line_tables(found, lines, language)
    rows = (map(_text, row) for table in all_ for row in table.rows[:-1])
    stamp = (found.name, sha256_of(found, lines)[:_HASH_DIGITS])
    named = [*(one.text for one in all_[0].headings), *map(language.say, _STAMP)]
    return write_csv(named, ((*row, *stamp) for row in rows))


def _page(table: Table, taken: set[str]) -> Page:
    """Return a page under a name that no other has, whatever the sources are called."""
    plain = name = table.name.translate(_NOT_IN_SHEET_NAMES)[:_SHEET_NAME].strip() or "Trang"
    while name.casefold() in taken:
        name = f"{plain[: _SHEET_NAME - 3]} {len(taken)}"
    taken.add(name.casefold())
    return Page(name=name, headings=table.headings, rows=table.rows)


def _text(cell: Cell | Formula) -> str:
    value = cell.value if isinstance(cell, Formula) else cell
    if value is None:
        return ""
    if isinstance(value, datetime) or not hasattr(value, "isoformat"):
        return str(value).replace(".", ",") if isinstance(value, float) else str(value)
    return f"{value:%d/%m/%Y}"
