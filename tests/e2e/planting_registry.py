"""Plant hostile texts in what the registry keeps by other ways than tables: systems, the impact model, handovers."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.e2e.conftest import ROOT, _environment
from tests.e2e.hostile import STRINGS
from tests.e2e.planting_papers import _plain, _toml
from tests.e2e.staged import Staged

_KEPT = ("dossier",)  # the system by which a page is asked for


def plant_registry(centre: Staged, units: list[str]) -> None:
    """Plant them."""
    _systems(centre)
    _model(centre)
    _handovers(centre, units)


def _systems(centre: Staged) -> None:
    """Let names of systems and what the catalogue notes of them be hostile, through the file that is edited."""
    file = centre.data.with_name("systems.toml")
    _machxa(centre, "export", file)
    lines, text, number = [], "", 0
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(" = ")
        if name == "id":
            text, number = "" if value.strip('"') in _KEPT else STRINGS[number % len(STRINGS)], number + 1
        if name == "version":
            lines.append(f"version = {int(value) + 1}")  # a catalogue that is edited is a newer one
        elif text and name in ("vi", "en", "useful"):
            lines.append(f"{name} = {_toml(_plain(text)[:60])}")
        else:
            lines.append(line)
    edited = "\n".join(lines) + "\n"
    assert tomllib.loads(edited)
    file = centre.data.with_name("hostile.toml")
    file.write_text(edited, encoding="utf-8")
    _machxa(centre, "import", file)


def _machxa(centre: Staged, act: str, file: Path) -> None:
    command = [sys.executable, "-m", "machxa_collector.main", "systems", act, str(file), "--data", str(centre.data)]
    told = subprocess.run(command, env=_environment(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def _model(centre: Staged) -> None:
    """Let reasons of versions of the impact model be hostile; each version changes one row."""
    for number, text in enumerate(STRINGS[::10]):
        kept = centre.ask("/dossiers/model")
        rows = [dict(one) for one in kept["entries"]]
        one = next(row for row in rows if row["section"] == "need" and row["name"] == "dossier")
        one["value"] = "0.5" if number % 2 == 0 else "0.4"
        centre.ask("/dossiers/model", {"entries": rows, "base": kept["version"], "reason": _plain(text)[:500]}, "PUT")


def _handovers(centre: Staged, units: list[str]) -> None:
    """Let the numbers of decisions by which an asset went from one unit to another and back be hostile."""
    of, to = units[2], units[3]
    asset = next(one["id"] for one in centre.ask(f"/assets?unit={of}&limit=100")["assets"] if not one["agent"])
    for text in STRINGS[::12]:
        what = {"of": of, "to": to, "assets": [asset]}
        version = centre.ask("/handovers/preview", what)["version"]
        centre.ask("/handovers", {**what, "version": version, "reference": _plain(text)[:300]})
        of, to = to, of
