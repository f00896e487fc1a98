"""The installer: silent, complete, and gone without a trace when it is told to be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.wine.centre import until
from tests.wine.machine import Windows
from tests.wine.windows_python import ROOT, Missing, program

pytestmark = pytest.mark.wine
# Stands in for the packaged agent: the same commands from the source, and no folder of 40 MB to pack.
_STAND_IN = """\
#include <process.h>
#include <wchar.h>
#include <windows.h>
int wmain(int argc, wchar_t **argv) {
    const wchar_t *all[16] = {L"python.exe", L"-m", L"machxa_agent.main"};
    for (int i = 1; i < argc && i < 13; i++) all[i + 2] = argv[i];
    intptr_t status = -1;  // a busy computer's wine sometimes cannot start a program at once
    for (int i = 0; i < 5 && (status = _wspawnv(_P_WAIT, PYTHON, all)) == -1; i++) Sleep(1000);
    return (int)status;
}
"""
_ENTRY = (
    "import sys, winreg; "
    r"key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r'Software\Microsoft\Windows\CurrentVersion\Uninstall\machxa'); "
    "print(winreg.QueryValueEx(key, 'DisplayVersion')[0])"
)


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory, modern: Path) -> Path:
    folder = tmp_path_factory.mktemp("setup")
    (folder / "built").mkdir()
    (folder / "stand_in.c").write_text(_STAND_IN)
    try:
        compiler, maker = program("x86_64-w64-mingw32-gcc"), program("makensis")
    except Missing as exc:
        pytest.skip(str(exc))
    python = f'-DPYTHON=L"C:\\\\{modern.parent.name}\\\\python.exe"'
    target = folder / "built" / "machxa-agent.exe"
    subprocess.run([compiler, "-municode", python, "-o", str(target), str(folder / "stand_in.c")], check=True)
    subprocess.run(
        [
            maker,
            "-V2",
            "-XTarget amd64-unicode",
            "-DVERSION=9.8.7",
            f"-DSOURCE={folder / 'built'}",
            f"-DOUT={folder / 'setup.exe'}",
            str(ROOT / "deploy" / "windows" / "machxa.nsi"),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "setup.exe"


def test_a_silent_installation_runs_the_service_and_a_purge_leaves_nothing(
    pc: Windows, modern: Path, setup: Path
) -> None:
    data, programs = pc.drive / "ProgramData" / "machxa", pc.drive / "Program Files" / "machxa"

    installed = pc.run(setup, "/S", "/SERVER=127.0.0.1:1", "/TOKEN=abc", "/FINGERPRINT=AB:CD", seconds=120)
    log = (programs / "setup.log").read_text("utf-16-le")
    own = data / "agent.log"
    state = pc.run(modern, "-m", "machxa_agent.main", "service", "status")
    entry = pc.run(modern, "-c", _ENTRY)
    config = (data / "agent.toml").read_text()
    token = (data / "token.txt").read_text()
    said = own.read_text("utf-8", "replace") if own.exists() else "the agent wrote no log"
    removed = pc.run(programs / "uninstall.exe", "/S", "/PURGE", seconds=120)
    until("its folders are gone", lambda: not data.exists() and not (programs / "machxa-agent.exe").exists())
    gone = pc.run(modern, "-m", "machxa_agent.main", "service", "status")

    assert (installed.returncode, state.stdout.strip(), entry.stdout.strip()) == (0, "running", "9.8.7"), log + said
    assert token == "abc"  # noqa: S105 - no secret
    assert config.splitlines() == [
        'enrol_url = "https://127.0.0.1:1"',
        'enrol_token_file = "token.txt"',
        'enrol_ca_fingerprint = "AB:CD"',
    ]
    assert (removed.returncode, gone.stdout.strip()) == (0, "not installed")
