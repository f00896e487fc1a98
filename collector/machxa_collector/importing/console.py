"""Take a file in and give records out on the command line, Vietnamese first and English beside it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TextIO

from machxa_collector.failure import CannotRunError
from machxa_collector.importing import applying, exporting, previewing
from machxa_collector.importing.reading import Chosen, Person
from machxa_collector.registry.records import KINDS, RecordKind
from machxa_collector.registry.sheets import BadFile
from machxa_collector.sheets.forms import MOST_FILE_BYTES, FileForm
from machxa_collector.store import audit, imports
from machxa_collector.store.imports import Import
from machxa_collector.store.records_read import EVERY
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.trust import whoami

_MOST_PRINTED = 20
_BAR = 30  # signs

Say = Callable[[str], None]


def take_in(live: LiveRegistry, options: argparse.Namespace, now_ms: int, say: Say) -> int:
    """Take a file in; return the exit status: 1 when a row, or the whole file, cannot be used."""
    kind, content = _kind(options.kind), _content(options.file)
    person = Person(name=whoami.user(), now_ms=now_ms, origin=whoami.ORIGIN)
    chosen = Chosen(name=options.mapping, sheet=options.sheet)
    try:
        if options.dry_run:
            kept = _looked_at(live, person, kind, content, chosen)
        else:
            kept = previewing.take_in(live, person, kind, content, chosen)
            imports.begin(live.store, kept.id)
            progress = Bar(sys.stderr)
            kept = applying.take(live, person, kept, good_only=options.good_only, progress=progress.tell)
            progress.end()
    except BadFile as exc:
        raise CannotRunError(f"{options.file}: {exc.told.vi}", f"{options.file}: {exc.told.en}") from exc
    except KeyError as exc:
        raise CannotRunError(
            f"không có bảng ghép cột tên {options.mapping!r}", f"no mapping is kept as {options.mapping!r}"
        ) from exc
    say("\n".join(_summary(kept)))
    if not kept.report["bad"]:
        return int(kept.state == imports.FAILED)
    say(f"  Các dòng không dùng được (rows that cannot be used): {_write_errors(live, person, kept, content, options)}")
    return 1


def give_out(live: LiveRegistry, options: argparse.Namespace, now_ms: int, say: Say) -> int:
    """Write records to a file; return the exit status."""
    kind, person = _kind(options.kind), Person(name=whoami.user(), now_ms=now_ms, origin=whoami.ORIGIN)
    suffix = options.file.suffix.lower().removeprefix(".")
    if suffix not in ("csv", "xlsx"):
        raise CannotRunError(
            f"{options.file}: tên tệp cần đuôi .csv hoặc .xlsx", f"{options.file}: expected a name in .csv or .xlsx"
        )
    form = FileForm(suffix)
    if options.template:
        _keep(exporting.blank_file(kind, kind.fields, form, person), options.file)
    else:
        _keep(exporting.records_file(live, kind, kind.fields, EVERY, form, person), options.file)
        audit.record_alone(live.store, whoami.act(now_ms, "export", f"{kind.name}.{suffix}"))
    say(f"  {kind.told.vi} ({kind.told.en}): {options.file}")
    return 0


class Bar:
    """Show how far an import is, on one line of a terminal, or a line each tenth elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._is_terminal, self._shown = out, out.isatty(), -1

    def tell(self, done: int, total: int) -> None:
        """Show that so many rows of so many are done."""
        share = 100 * done // max(total, 1)
        if share == self._shown or (not self._is_terminal and share // 10 == self._shown // 10):
            return
        self._shown = share
        filled = "#" * (_BAR * share // 100)
        end = "" if self._is_terminal else "\n"
        start = "\r" if self._is_terminal else ""
        self._out.write(f"{start}  [{filled:<{_BAR}}] {done}/{total}{end}")
        self._out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_terminal and self._shown >= 0:
            self._out.write("\n")


def _looked_at(live: LiveRegistry, person: Person, kind: RecordKind, content: bytes, chosen: Chosen) -> Import:
    """Return what a file would come to; nothing is kept."""
    chosen = replace(chosen, columns=previewing.kept_columns(live, kind, chosen))
    form, report = previewing.preview(live, person, kind, content, chosen, previewing.sha256_of(content))
    return Import(
        id="",
        kind=kind.name,
        actor=person.name,
        at_ms=person.now_ms,
        state=imports.PREVIEWED,
        form=form,
        file_sha256=previewing.sha256_of(content),
        chosen=previewing.chosen_json(chosen),
        report=report,
        batch=None,
    )


def _summary(kept: Import) -> Sequence[str]:
    report = kept.report
    lines = [f"  {one['heading']} -> {one['field'] or '-'}" for one in _listed(report["columns"])]
    lines.append(
        f"  {report['rows']} dòng (rows): mới (new) {report['new']}, đổi (changed) {report['changed']}, "
        f"giữ nguyên (same) {report['same']}, không dùng được (bad) {report['bad']}"
    )
    before, detail = report["before"], report.get("detail")
    if isinstance(before, dict):
        lines.append(f"  Tệp này đã được nhập trước đây bởi (this file was taken in before by): {before['actor']}")
    lines += [f"  {one['row']}: {one['column']}: {one['vi']} ({one['en']})" for one in _first(report["problems"])]
    if kept.state == imports.FAILED and isinstance(detail, dict):
        lines.append(f"  Không nhập gì (nothing was taken in): {detail['vi']} ({detail['en']})")
    elif kept.state == imports.DONE:
        lines.append(
            f"  Đã nhập (taken in): {kept.batch}" if kept.batch else "  Không có gì để đổi (nothing to change)"
        )
    return lines


def _listed(told: object) -> Sequence[Mapping[str, object]]:
    return told if isinstance(told, list) else ()


def _first(told: object) -> Sequence[Mapping[str, object]]:
    return _listed(told)[:_MOST_PRINTED]


def _write_errors(
    live: LiveRegistry, person: Person, kept: Import, content: bytes, options: argparse.Namespace
) -> Path:
    form, file = exporting.refused_rows_file(live, person, kept, content)
    number, path = 1, Path(f"{options.file.stem}-loi.{form.value}")
    while path.exists():
        number += 1
        path = Path(f"{options.file.stem}-loi-{number}.{form.value}")
    _keep(file, path)
    return path.resolve()


def _keep(file: BinaryIO, path: Path) -> None:
    with file:
        try:
            with path.open("wb") as out:
                shutil.copyfileobj(file, out)
        except OSError as exc:
            raise CannotRunError(
                f"không ghi được {path}: {exc.strerror}", f"{path} cannot be written: {exc.strerror}"
            ) from exc


def _kind(name: str) -> RecordKind:
    if name not in KINDS:
        names = ", ".join(KINDS)
        raise CannotRunError(f"không có loại {name!r}; có: {names}", f"there is no kind {name!r}; there are: {names}")
    return KINDS[name]


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_FILE_BYTES + 1)
    except OSError as exc:
        raise CannotRunError(
            f"không đọc được {path}: {exc.strerror}", f"{path} cannot be read: {exc.strerror}"
        ) from exc
