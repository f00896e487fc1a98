"""Take dossiers in on the command line, Vietnamese first and English beside it."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from machxa_collector.failure import CannotRunError
from machxa_collector.importing.console import Bar
from machxa_collector.importing.dossiers.asked import Asked, read_asked, show_asked
from machxa_collector.importing.dossiers.given import Centre, File, How, Named, Refused, named_mapping
from machxa_collector.importing.dossiers.taking import looked_at, take
from machxa_collector.importing.dossiers.undoing import take_back_import
from machxa_collector.importing.reading import Person
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.sheets import BadFile
from machxa_collector.store.dossiers import SqlDossiers, imports, sources
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.sources import Source
from machxa_collector.store.dossiers.words import State, Way
from machxa_collector.trust import whoami

_MOST_PRINTED = 20
_PART_BYTES = 1024 * 1024
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


def run(centre: Centre, options: argparse.Namespace, now_ms: int) -> int:
    """Run one command; return its exit status. Raises CannotRunError."""
    person = Person(name=whoami.user(), now_ms=now_ms, origin=whoami.ORIGIN)
    return _ACTS[options.act](centre, person, options)


def _import(centre: Centre, person: Person, options: argparse.Namespace) -> int:
    """Take a file in; return 1 when nothing was, or a row was refused."""
    source = _source(centre, options.source)
    named = _named(centre, source, options)
    file = File(content=_checked(options.file), name=options.file.name, way=Way.COMMAND)
    bar, errors = Bar(sys.stderr), bytearray()
    how = How(good_only=options.good_only, progress=bar.tell, total=_lines(options.file), errors=errors.extend)
    try:
        if options.dry_run:
            print("\n".join(_summary(looked_at(centre, person, source, named, file))))
            return 0
        told = take(centre, person, source, named, file, how)
    except BadFile as exc:
        raise CannotRunError(f"{options.file}: {exc.told.vi}", f"{options.file}: {exc.told.en}") from exc
    finally:
        bar.end()
    if told.before is not None:
        print(f"  Tệp này đã được nhập, không có gì đổi (taken in before, nothing changed): {told.before.id}")
        return 0
    print("\n".join(_summary(told.one)))
    if errors:
        print(f"  Các dòng không dùng được (rows that cannot be used): {_keep(bytes(errors), options.file)}")
    return int(told.one.state is State.FAILED or bool(told.one.report["bad"]))


def _undo(centre: Centre, person: Person, options: argparse.Namespace) -> int:
    one = imports.one(centre.live.store, options.id)
    if one is None:
        raise CannotRunError(f"không có lần nhập {options.id!r}", f"there is no import {options.id!r}")
    try:
        after = take_back_import(centre, person, one)
    except Refused as exc:
        raise CannotRunError(exc.told.vi, exc.told.en) from exc
    print(
        f"  Đã hoàn tác (undone): {after.report['removed']} dòng bỏ (removed), "
        f"{after.report['restored']} dòng trở lại (restored)"
    )
    return 0


def _sources(centre: Centre, _person: Person, _options: argparse.Namespace) -> int:
    ages = SqlDossiers(centre.live.store).ages()
    if not ages:
        print("chưa có nguồn nào: machxa dossiers add-source (no source yet: machxa dossiers add-source)")
    for age in ages:
        known = "chưa có số liệu (no figures)" if age.as_of is None else f"đến (until) {_told(age.as_of)}"
        print(f"  {age.source}  {age.name}: {known}")
    return 0


def _add_source(centre: Centre, person: Person, options: argparse.Namespace) -> int:
    if _ID.fullmatch(options.id) is None or sources.one(centre.live.store, options.id) is not None:
        raise CannotRunError(
            f"mã nguồn {options.id!r} đã có, hoặc không phải chữ thường, số và dấu gạch",
            f"the id {options.id!r} is taken, or has other signs than a to z, digits and hyphens",
        )
    asked = Asked(mapping=options.mapping)
    _mapping(centre, asked.mapping)
    act = whoami.act(person.now_ms, "dossiers.source-add", options.id)
    home, seals = centre.live.current().home, centre.seals if options.hash_numbers else None
    with centre.live.store.begin() as connection:
        sources.add(connection, (options.id, options.name), home, show_asked(asked), act, seals)
    print(f"  {options.id}: {options.name}")
    return 0


def _source(centre: Centre, name: str | None) -> Source:
    found = [one for one in sources.all_of(centre.live.store) if name in (None, one.id)]
    if len(found) != 1:
        raise CannotRunError(
            "hãy nêu nguồn bằng --source; thêm nguồn: machxa dossiers add-source",
            "name the source with --source; add one with machxa dossiers add-source",
        )
    return found[0]


def _named(centre: Centre, source: Source, options: argparse.Namespace) -> Named:
    named = _mapping(centre, options.mapping or read_asked(source.body).mapping)
    if options.unit is None and options.sheet is None:
        return named
    if options.unit is not None and not centre.live.current().units.history(options.unit):
        raise CannotRunError(f"không có đơn vị {options.unit!r}", f"there is no unit {options.unit!r}")
    mapping = named.mapping
    changed = type(mapping)(
        kind=mapping.kind,
        columns=mapping.columns,
        units=mapping.units,
        groups=mapping.groups,
        statuses=mapping.statuses,
        unit=options.unit or mapping.unit,
        sheet=options.sheet or mapping.sheet,
    )
    return replace(named, mapping=changed)


def _mapping(centre: Centre, name: str) -> Named:
    try:
        return named_mapping(centre, name)
    except KeyError as exc:
        raise CannotRunError(f"không có bảng ghép tên {name!r}", f"no mapping is kept as {name!r}") from exc


def _checked(path: Path) -> Path:
    try:
        with path.open("rb"):
            return path
    except OSError as exc:
        raise CannotRunError(
            f"không đọc được {path}: {exc.strerror}", f"{path} cannot be read: {exc.strerror}"
        ) from exc


def _lines(path: Path) -> int:
    """Return about how many rows a file has, for progress: its lines."""
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(_PART_BYTES), b""))


def _keep(errors: bytes, file: Path) -> Path:
    number, path = 1, Path(f"{file.stem}-loi.csv")
    while path.exists():
        number += 1
        path = Path(f"{file.stem}-loi-{number}.csv")
    path.write_bytes(errors)
    return path.resolve()


def _summary(one: DossierImport) -> list[str]:
    report = one.report
    lines = [f"  {column['heading']} -> {column['field'] or '-'}" for column in _listed(report["columns"])]
    lines.append(
        f"  {report['rows']} dòng (rows): mới (new) {report['new']}, thay (replaced) {report['replaced']}, "
        f"giữ nguyên (same) {report['same']}, cũ hơn (older) {report['older']}, không dùng được (bad) {report['bad']}"
    )
    lines += [
        f"  {problem['row']}: {problem['column']}: {problem['vi']} ({problem['en']})"
        for problem in _listed(report["problems"])[:_MOST_PRINTED]
    ]
    detail = report["detail"]
    if one.state is State.FAILED and isinstance(detail, dict):
        lines.append(f"  Không nhập gì (nothing was taken in): {detail['vi']} ({detail['en']})")
    elif one.state is State.DONE:
        lines.append(f"  Đã nhập (taken in): {one.id}")
    return lines


def _listed(told: object) -> list[Mapping[str, object]]:
    return told if isinstance(told, list) else []


def _told(when: datetime) -> str:
    return f"{when.astimezone(LOCAL):%d/%m/%Y %H:%M}"


_ACTS: Mapping[str, Callable[[Centre, Person, argparse.Namespace], int]] = {
    "import": _import,
    "undo": _undo,
    "sources": _sources,
    "add-source": _add_source,
}
