"""Take an import of dossiers back: what it brought goes, what it replaced holds again."""

from __future__ import annotations

from dataclasses import replace

from machxa_collector.importing.dossiers.given import Centre, Refused
from machxa_collector.importing.reading import Person
from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.dossiers import imports
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.merging import take_back
from machxa_collector.store.dossiers.words import State


def take_back_import(centre: Centre, person: Person, one: DossierImport) -> DossierImport:
    """Undo an import: what it brought goes, what it replaced holds again. Raises Refused."""
    act = Entry(
        at=person.now_ms, actor=person.name, origin=person.origin, action="dossiers.undo", subject=one.id,
        detail={"source": one.source, "file": one.file_name},
    )  # fmt: skip
    with centre.live.store.begin() as connection:
        audit.record(connection, act)
        if one.state is not State.DONE:
            raise Refused(
                "lần nhập này chưa nhập hoặc đã hoàn tác", "this import was not taken in, or is undone already"
            )
        later = imports.later_than(connection, one)
        if later is not None:
            raise Refused(
                f"hãy hoàn tác lần nhập sau trước: {later.file_name}", f"undo the later import first: {later.file_name}"
            )
        removed, restored = take_back(connection, one.pk)
        after = imports.undone(one, person.name, person.now_ms)
        after = replace(after, report={**one.report, "removed": removed, "restored": restored})
        imports.keep(connection, after)
    return after
