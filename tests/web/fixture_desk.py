"""Answer like the collector's desk, from literals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.testclient import TestClient

from machxa_web.admin.desk import Desks, Guards, Trouble, Upload
from machxa_web.admin.router import create_admin_router

HOSTILE = "<script>alert(1)</script>"
LINE = "11111111-2222-3333-4444-555555555555"
KIND = {
    "name": "lines",
    "vi": "Đường truyền",
    "en": "Lines",
    "count": 1,
    "allowed": ["change", "import", "export"],
    "fields": [
        {"name": "unit", "vi": "Mã đơn vị", "en": "Unit code", "form": "unit", "required": True},
        {"name": "name", "vi": "Tên đường truyền", "en": "Line", "form": "text", "required": True},
        {
            "name": "kind",
            "vi": "Loại",
            "en": "Kind",
            "form": "choice",
            "choices": [{"value": "tslcd", "vi": "Mạng TSLCD", "en": "State data network"}],
        },
        {"name": "note", "vi": "Ghi chú", "en": "Note", "form": "text", "longest": 1000},
    ],
}
VALUES = {"unit": "29410", "name": HOSTILE, "kind": "tslcd", "note": ""}
BATCH = {
    "id": "b-1",
    "at": "2026-11-25T01:00:00Z",
    "actor": "Lan",
    "action": "change",
    "kind": "lines",
    "changed": 1,
}
CHANGE = {**BATCH, "batch": "b-1", "record": LINE, "before": {"kind": ""}, "after": {"kind": "tslcd"}}
IMPORT = {
    "id": "i-1",
    "kind": "lines",
    "state": "previewed",
    "at": "2026-11-25T01:00:00Z",
    "actor": "Lan",
    "rows": 3,
    "new": 2,
    "columns": [{"heading": "Mã xã", "field": "unit"}, {"heading": HOSTILE, "field": None}],
    "sample": [["29410", "x"]],
}


ASSET = "aaaaaaaa-2222-3333-4444-555555555555"
EVIDENCE = [
    {"kind": "uuid", "agreement": "disagrees", "arrived": ["4c4c4544-0001"], "recorded": [HOSTILE]},
    {"kind": "disk", "agreement": "agrees", "arrived": ["WD-1"], "recorded": ["WD-1"]},
]
FINDING = {
    "pk": 7,
    "at": "2026-11-25T01:00:00Z",
    "verdict": "conflict",
    "confidence": 0.62,
    "asset": {"id": ASSET, "name": HOSTILE},
    "about": {"id": LINE, "name": "MOTCUA-02"},
    "evidence": EVIDENCE,
}
IDENTITY = {
    "asset": ASSET,
    "marks": [{"kind": "uuid", "value": "4c4c4544-0001", "first_at": "2026-11-25T01:00:00Z"}],
    "refused": [{"kind": "serial", "value": "To be filled by O.E.M.", "why": "placeholder"}],
    "agents": [{"agent": "g-1"}, {"agent": "g-2"}],
    "merges": [{"pk": 3, "at": "2026-11-25T01:00:00Z", "actor": "Lan", "kept": ASSET, "absorbed": LINE}],
    "places": [{"unit": "29410", "began_at": "2026-11-25T01:00:00Z"}],
    "findings": [FINDING],
}


@dataclass
class FixtureDesk:
    """Keep one line; what was asked of it is told in asked."""

    kinds: tuple[Mapping[str, object], ...] = (KIND, {**KIND, "name": "assets", "vi": "Thiết bị", "en": "Assets"})
    faults: tuple[Mapping[str, object], ...] = ()
    found: tuple[Mapping[str, object], ...] = ({"id": LINE, "title": HOSTILE, "values": VALUES},)
    one_import: Mapping[str, object] = field(default_factory=lambda: IMPORT)
    may_change: bool = True
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def overview(self) -> object:
        return {"kinds": self.kinds, "home": "86"}

    def records(self, kind: str, q: str, unit: str, cursor: str | None) -> object:
        self.asked.append(("records", kind, q, unit, cursor))
        return {"records": self.found, "next": "MTIz" if cursor is None else None}

    def record(self, _kind: str, record: str) -> object:
        if record != LINE:
            raise Trouble(404, "không có bản ghi này", "there is no such record")
        return {
            "id": LINE,
            "title": HOSTILE,
            "version": "v1",
            "values": VALUES,
            "history": [CHANGE],
            "may_change": self.may_change,
        }

    def preview(self, _kind: str, _record: str | None, values: Mapping[str, str]) -> object:
        differing = [
            {"field": name, "before": VALUES[name], "after": value}
            for name, value in values.items()
            if value != VALUES[name]
        ]
        return {"differences": differing, "faults": self.faults}

    def save(self, kind: str, record: str | None, values: Mapping[str, str], version: str) -> tuple[str, str]:
        if version != "v1":
            raise Trouble(409, "bản ghi đã đổi", "the record was changed meanwhile")
        self.asked.append(("save", kind, record, dict(values)))
        return LINE, "b-2"

    def remove(self, kind: str, record: str, _version: str) -> str:
        self.asked.append(("remove", kind, record))
        return "b-3"

    def batches(self, _kind: str, _cursor: str | None) -> object:
        return {"batches": [BATCH]}

    def batch(self, _batch: str, _cursor: str | None) -> object:
        return {"batch": BATCH, "changes": [CHANGE]}

    def undo(self, batch: str) -> str:
        self.asked.append(("undo", batch))
        return "b-4"

    def imports(self, _kind: str) -> object:
        return {"imports": [self.one_import]}

    def upload(self, kind: str, file: Upload) -> str:
        self.asked.append(("upload", kind, file))
        return "i-1"

    def one(self, _import_id: str) -> object:
        return self.one_import

    def remap(self, import_id: str, columns: Mapping[str, str | None], save_as: str, sheet: str) -> None:
        self.asked.append(("remap", import_id, dict(columns), save_as, sheet))

    def start(self, import_id: str, *, good_only: bool) -> None:
        self.asked.append(("start", import_id, good_only))

    def drop(self, import_id: str) -> None:
        self.asked.append(("drop", import_id))

    def findings(self, _cursor: str | None) -> object:
        return {"findings": [FINDING]}

    def identity(self, _asset: str) -> object:
        return IDENTITY

    def decide(self, finding: int, decision: str) -> None:
        self.asked.append(("decide", finding, decision))

    def merge(self, asset: str, absorb: str) -> None:
        self.asked.append(("merge", asset, absorb))

    def undo_merge(self, merge: int) -> None:
        self.asked.append(("undo merge", merge))

    def split(self, asset: str, agent: str) -> str:
        self.asked.append(("split", asset, agent))
        return "new"

    def move(self, asset: str, unit: str, note: str) -> None:
        self.asked.append(("move", asset, unit, note))


def client_of(desk: FixtureDesk) -> TestClient:
    """Return a browser of the registry's pages over a desk."""
    app = FastAPI()
    desks = Desks(records=lambda _: desk, files=lambda _: desk, identities=lambda _: desk)
    app.include_router(create_admin_router(desks, Guards(looking=(), changing=(), importing=())))
    return TestClient(app, follow_redirects=False)
