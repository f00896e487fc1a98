"""Write a file's rows as one act: all of them, or the good ones if a person chose so, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from machxa_collector import crash
from machxa_collector.importing.previewing import chosen_of, report_of, with_detail
from machxa_collector.importing.reading import Person, opened
from machxa_collector.registry.records import KINDS, Told
from machxa_collector.registry.sheets import BadFile, Outcome, plan
from machxa_collector.store import audit, imports
from machxa_collector.store.imports import Import
from machxa_collector.store.record_acts import entry_of
from machxa_collector.store.records import Act, Change, Conflict, Refused, apply
from machxa_collector.store.registry import LiveRegistry

Progress = Callable[[int, int], None]  # rows done, of how many

_GONE = Told(vi="tệp không còn được giữ: hãy gửi lại", en="the file is no longer kept: send it again")
_CHANGED = Told(
    vi="có người sửa cùng bản ghi trong lúc nhập: hãy xem lại rồi nhập lại",
    en="somebody changed the same records meanwhile: look again, then begin again",
)


def take(live: LiveRegistry, person: Person, kept: Import, *, good_only: bool, progress: Progress) -> Import:
    """Write a kept file that has begun; return what became of it, which is kept too. It never leaves half.

    The act, its history and the file's state are one transaction: a crash leaves the registry as it was.
    """
    content = imports.content_of(live.store, kept.id)
    try:
        if content is None:
            return _failed(live, kept, _GONE)
        return _taken(live, person, kept, content, good_only=good_only, progress=progress)
    except BadFile as exc:
        return _failed(live, kept, exc.told)
    except Conflict:
        return _failed(live, kept, _CHANGED)
    except Refused as exc:
        first = exc.faults[:3]
        told = Told(vi="; ".join(one.told.vi for one in first), en="; ".join(one.told.en for one in first))
        return _failed(live, kept, told)


def _taken(
    live: LiveRegistry, person: Person, kept: Import, content: bytes, *, good_only: bool, progress: Progress
) -> Import:
    kind, total = KINDS[kept.kind], int(str(kept.report["rows"]))
    before = imports.taken_in_before(live.store, kept.kind, kept.file_sha256)
    with opened(live, person, kind, content, chosen_of(kept), again=before is not None) as file:
        made = plan(file.rows, file.judge, file.layout.heading_row, lambda read: progress(min(read, total) // 2, total))
        report = report_of(file, made.tally, before)
    del content
    bad, all_rows = made.tally.counts[Outcome.BAD], made.tally.rows
    if bad and not good_only:
        return _failed(live, replace(kept, report=report), _unfit(bad, all_rows))
    done = replace(kept, state=imports.DONE, report=report)
    act = Act(
        actor=person.name,
        at_ms=person.now_ms,
        action="import",
        origin=person.origin,
        note=f"{kept.form}, {all_rows - bad}/{all_rows}",
        file_sha256=kept.file_sha256,
    )
    with live.store.begin() as connection:
        if made.creates or made.changes:
            batch = apply(
                connection,
                kind.name,
                act,
                creates=made.creates,
                changes=[Change(one.id, one.values, one.before) for one in made.changes],
                progress=lambda written, of: progress((all_rows + all_rows * written // of) // 2, total),
            )
            done = replace(done, batch=batch.id)
            audit.record(connection, entry_of(act, batch))
        imports.keep(connection, done)
        crash.reached("in_import_before_commit")
    live.refresh()
    return done


def _failed(live: LiveRegistry, kept: Import, told: Told) -> Import:
    failed = replace(kept, state=imports.FAILED, report=with_detail(kept.report, told))
    with live.store.begin() as connection:
        imports.keep(connection, failed)
    return failed


def _unfit(bad: int, rows: int) -> Told:
    return Told(
        vi=f"{bad} trong {rows} dòng không dùng được, nên không nhập dòng nào",
        en=f"{bad} of {rows} rows cannot be used, so none was taken in",
    )
