"""What a build for Windows is made of: every probe, every program it starts, and pins that start on Windows 7."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
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
    assert pins["segno"] == _pins("requirements/windows.txt")["segno"]  # pure Python, for 3.5 and newer
    assert text.count("--hash=sha256:") == len(pins)


PINS = runpy.run_path(str(ROOT / "tools" / "windows_pins.py"))
X86, AMD64 = 0x014C, 0x8664  # PE format: Machine


@pytest.mark.parametrize(
    ("target", "machine", "other"), [("x86-unicode", X86, AMD64), ("amd64-unicode", AMD64, X86)], ids=["32", "64"]
)
def test_the_installer_is_made_for_each_processor_and_starts_on_windows_7(
    target: str, machine: int, other: int, tmp_path: Path
) -> None:
    maker = shutil.which("makensis")
    if maker is None:
        pytest.skip("makensis is not installed: apt-get install nsis")
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "machxa-agent.exe").write_bytes(b"MZ")
    setup = tmp_path / "setup.exe"
    given = (f"-XTarget {target}", "-DVERSION=9.8.7", f"-DSOURCE={tmp_path / 'built'}", f"-DOUT={setup}")

    told = subprocess.run(
        [maker, "-V1", *given, str(WINDOWS / "machxa.nsi")], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout
    image = setup.read_bytes()

    assert PINS["misfits"](image, machine) == []
    assert PINS["misfits"](image, other) == [f"made for processor {machine:#06x}"]
    assert "CreateProcessW" in PINS["imported"](image)


def test_a_library_that_imports_what_came_with_windows_8_is_named(tmp_path: Path) -> None:
    compiler = shutil.which("x86_64-w64-mingw32-gcc")
    if compiler is None:
        pytest.skip("mingw is not installed: apt-get install gcc-mingw-w64-x86-64")
    (tmp_path / "later.c").write_text(
        "#include <windows.h>\nint main(void) { FILETIME now; GetSystemTimePreciseAsFileTime(&now); return 0; }\n"
    )
    made = tmp_path / "later.exe"
    subprocess.run([compiler, "-D_WIN32_WINNT=0x0602", "-o", str(made), str(tmp_path / "later.c")], check=True)

    assert PINS["misfits"](made.read_bytes(), AMD64) == [
        "imports GetSystemTimePreciseAsFileTime, which Windows 7 has not"
    ]
    assert PINS["misfits"](bytes(0x80), AMD64) == ["no program of Windows"]


@pytest.mark.parametrize("bits", [32, 64])
def test_what_wheels_need_on_windows_is_asked_of_the_pins_by_windows_own_conditions(bits: int) -> None:
    pins = PINS["pinned"]((WINDOWS / f"requirements-legacy-{bits}.txt").read_text(encoding="utf-8"))
    needs = {
        "a": ["psutil>=7", "Typing_Extensions; python_version < '3.9'", "none; sys_platform == 'linux'"],
        "b": ["paho-mqtt<2", "tomli; extra == 'toml'", "colorama; platform_system == 'Windows'"],
    }

    assert PINS["unpinned"](needs, pins, "x86") == [
        "b needs paho-mqtt<2, pinned is 2.1.0",
        "b needs colorama, pinned is None",
    ]


def test_the_checklist_for_a_pilots_first_pc_changes_nothing() -> None:
    text = (WINDOWS / "checklist.ps1").read_text(encoding="utf-8")
    verbs = set(re.findall(r"(?<![-\w])([A-Z][a-z]+)-[A-Z][A-Za-z]+", re.sub(r"(?m)^\s*(#|Write-Output).*", "", text)))

    assert verbs <= {"Format", "Get", "Join", "Microsoft", "Out", "Select", "Where", "Write", "ForEach"}, verbs
    assert re.findall(r"sc\.exe (\w+)", text) == ["qc", "qsidtype", "qprivs", "qfailure", "qfailureflag", "queryex"]
    assert not re.search(r"icacls\.exe [^}\n]*/", text)
