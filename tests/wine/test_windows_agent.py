"""The agent on Windows' own CPython, as far as wine is Windows: values, registry, firmware table, and the centre."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from machxa_fleet import stage
from tests.agent.inventory import complaints
from tests.wine.centre import readings, until
from tests.wine.machine import Windows, on_z
from tests.wine.windows_python import OURS, program

pytestmark = [
    pytest.mark.wine,
    pytest.mark.skipif(bool(stage.missing()), reason=f"{', '.join(stage.missing())} is not installed"),
]
_LATER = ("ProcessPrng", "api-ms-win-core-synch-l1-2-0.dll", "GetSystemTimePreciseAsFileTime")  # Windows 8
_ASKED = """\
import json, sys, winreg, psutil
from machxa_agent import portable
from machxa_agent.facts import smbios, windows
table = windows._firmware_table()
print(json.dumps({
    "platform": sys.platform,
    "psutil": psutil.__version__,
    "memory": portable.memory().total,
    "volumes": [one.mountpoint for one in portable.volumes()],
    "version": windows._values(r"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion").get("CurrentBuildNumber"),
    "no_key": windows._values(r"SOFTWARE\\no such key"),
    "structures": len(smbios.structures(smbios.windows_table(table))),
}))
"""


def _memory_bytes() -> int:
    words = Path("/proc/meminfo").read_text().split()
    return int(words[words.index("MemTotal:") + 1]) * 1024


def test_psutil_registry_and_firmware_table_answer(pc: Windows, python: Path) -> None:
    done = pc.run(python, "-c", _ASKED)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["platform"] == "win32"
    assert told["psutil"] == "7.2.2"
    assert abs(told["memory"] - _memory_bytes()) < 64 * 1024**2
    assert "C:\\" in told["volumes"]
    assert told["version"].isdigit()
    assert told["no_key"] == {}
    assert told["structures"] >= 3  # BIOS, system, board: wine makes no more


def test_one_reading_is_whole_and_its_inventory_fits_the_format(pc: Windows, python: Path) -> None:
    done = pc.run(python, "-m", "machxa_agent.main", "once", "--json")

    assert done.returncode == 0, done.stderr
    whole = json.loads(done.stdout)
    named = {one["name"] for one in whole["samples"]}
    assert {"system.cpu.time", "system.memory.usage", "system.filesystem.usage", "system.network.io"} <= named
    assert {"process.memory.usage", "system.uptime"} <= named
    assert whole["facts"]["operatingsystem"]["kernel_name"] == "win32"
    assert complaints(whole["facts"]) == []


def test_an_agent_enrols_and_its_samples_are_committed(pc: Windows, modern: Path, tmp_path: Path) -> None:
    (tmp_path / "agent.toml").write_text("sample_seconds = 1\nbatch_seconds = 1\n")
    with stage.running() as here:
        (tmp_path / "token").write_text(here.token(1))
        options = ("--config", on_z(str(tmp_path / "agent.toml")), "--data", on_z(str(tmp_path / "data")))
        url = f"http://127.0.0.1:{here.page}"
        enrolling = ("--enrol-url", url, "--enrol-token-file", on_z(str(tmp_path / "token")))
        process = pc.start(modern, "-m", "machxa_agent.main", "run", *options, *enrolling)
        try:
            until("two readings are committed", lambda: len(readings(url, "system.memory.limit")) > 1)
        finally:
            process.kill()
            process.wait(30)  # its pipes may still be a child's
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def test_nothing_of_the_builds_for_windows_7_wants_what_came_later(legacy: Path) -> None:
    folder, objdump = legacy.parent, program("x86_64-w64-mingw32-objdump")
    libraries = [one for one in folder.rglob("*") if one.suffix in (".dll", ".pyd") and one.stem not in OURS]
    tables = {one.name: _tables(objdump, one) for one in libraries}

    wanting = sorted(name for name, table in tables.items() if any(one in table for one in _LATER))

    assert {"python38.dll", "_rust.pyd", "_psutil_windows.pyd", "win32service.pyd"} <= tables.keys()
    assert wanting == []


def _tables(objdump: str, library: Path) -> str:
    return subprocess.run([objdump, "-p", str(library)], capture_output=True, check=True, errors="replace").stdout
