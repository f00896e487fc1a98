"""What a build for Windows is made of: every probe, every program it starts, and pins that start on Windows 7."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest

from machxa_agent.probes import PROBES

ROOT = Path(__file__).parents[2]
WINDOWS = ROOT / "deploy" / "windows"
NAMED = runpy.run_path(str(WINDOWS / "modules.py"))


def test_every_probe_is_in_the_build_by_name() -> None:
    loaded = {name for name in sys.modules if name.startswith("machxa_agent.probes.")}
    made = {name for name in loaded if getattr(sys.modules[name], "PROBE", None) in PROBES}

    assert len(made) == len(PROBES)
    assert made - set(NAMED["PROBES"]) == set()


def test_every_module_that_is_started_as_a_program_is_in_the_build() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "agent" / "machxa_agent").rglob("*.py")]
    started = {name for text in texts for name in re.findall(r'"-m", "(machxa_agent[a-z_.]+)"', text)}

    assert started - {"machxa_agent.main"} == set(NAMED["STARTED"])


@pytest.mark.parametrize("arguments", [["-m", "os"], ["-m", "machxa_agent.main"]], ids=["a stranger", "the agent"])
def test_the_packaged_agent_runs_no_other_module(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["machxa-agent", *arguments])
    monkeypatch.syspath_prepend(str(WINDOWS))

    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(WINDOWS / "start.py"), run_name="__main__")

    assert ended.value.code == 2


def _pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split()[0].split("==") for line in lines if "==" in line and not line.startswith(("#", " ")))


@pytest.mark.parametrize(("bits", "psutil"), [(64, "7.2.2"), (32, "7.1.1")])
def test_the_builds_for_windows_7_are_pinned_to_what_starts_there(bits: int, psutil: str) -> None:
    name = f"deploy/windows/requirements-legacy-{bits}.txt"
    pins, text = _pins(name), (ROOT / name).read_text(encoding="utf-8")

    assert (pins["psutil"], pins["paho-mqtt"], pins["cryptography"]) == (psutil, "2.1.0", "42.0.8")
    assert text.count("--hash=sha256:") == len(pins)


def test_the_checklist_for_a_pilots_first_pc_changes_nothing() -> None:
    text = (WINDOWS / "checklist.ps1").read_text(encoding="utf-8")
    verbs = set(re.findall(r"(?<![-\w])([A-Z][a-z]+)-[A-Z][A-Za-z]+", re.sub(r"(?m)^\s*(#|Write-Output).*", "", text)))

    assert verbs <= {"Format", "Get", "Join", "Microsoft", "Out", "Select", "Where", "Write", "ForEach"}, verbs
    assert re.findall(r"sc\.exe (\w+)", text) == ["qc", "qsidtype", "qprivs", "qfailure", "qfailureflag", "queryex"]
    assert not re.search(r"icacls\.exe [^}\n]*/", text)
