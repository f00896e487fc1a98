"""Put Windows' own CPython together from what registries of packages carry, for wine64: nothing of it is kept in git.

A wheel of panda3d for Windows holds python.org's DLLs; the library in Python is that of a local CPython of the same
minor version; ``python.exe`` is a launcher of four lines, ``python3.dll`` forwards to the version's own DLL. Packages
are those that the Windows builds pin, so that what is shipped is what is tried.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PINS = {8: "deploy/windows/requirements-legacy-64.txt"}
_MODERN_PINS = "requirements/windows.txt"
_PACKAGES = ("cffi", "cryptography", "paho-mqtt", "psutil", "pywin32", "tomli")
OURS = ("bcryptprimitives", "python3")  # libraries made here
_LAUNCHER = """\
#include <wchar.h>
int Py_Main(int, wchar_t **);
int wmain(int argc, wchar_t **argv) { return Py_Main(argc, argv); }
"""
# Rust's library wants it since version 1.78; wine has none before version 8.13.
_PRIMITIVES = """\
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T size) { return RtlGenRandom(to, (ULONG)size) != 0; }
"""
_COMPILER, _OBJDUMP = "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-objdump"
_NAMES = re.compile(r"^\t\[ *[0-9]+\].* (_?Py\w+)$", re.MULTILINE)  # objdump's table of exported names
_DOWNLOAD_SECONDS, _BUILD_SECONDS = 300, 60


class Missing(Exception):
    """Say what this computer lacks."""


@dataclass(frozen=True)
class WindowsPython:
    """Hold a CPython for Windows: its minor version, its folder, and where its library in Python is."""

    minor: int
    folder: Path
    stdlib: Path


def program(*names: str) -> str:
    """Return the path of the first program that is installed; raises Missing."""
    found = next(filter(None, (shutil.which(name) for name in names)), None)
    if found is None:
        raise Missing(f"{names[0]} is not installed")
    return found


def windows_python(minor: int) -> WindowsPython:
    """Return CPython 3.minor for Windows, from the cache where it was made before; raises Missing."""
    stdlib = _stdlib(minor)
    compiler, objdump = program(_COMPILER), program(_OBJDUMP)
    pins = ROOT / _PINS.get(minor, _MODERN_PINS), Path(__file__).with_name("requirements.txt")
    mark = hashlib.sha256(b"".join(one.read_bytes() for one in (*pins, Path(__file__)))).hexdigest()[:16]
    kept = _cache() / f"python3{minor}-{mark}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            made = Path(folder) / "made"
            _take_apart(minor, pins, Path(folder), made)
            _compile(f"python3{minor}", made, compiler, objdump)
            try:
                made.rename(kept)
            except OSError:
                if not kept.exists():  # another test process was quicker
                    raise
    return WindowsPython(minor, kept, stdlib)


def _take_apart(minor: int, pins: tuple[Path, Path], folder: Path, made: Path) -> None:
    """Fetch the pinned wheels and unpack what is needed of them."""
    wheels = folder / "wheels"
    wanted = folder / "wanted.txt"
    dlls = _pinned(pins[1], (f"panda3d-{minor}",))
    if not dlls:
        raise Missing(f"no wheel with the DLLs of CPython 3.{minor} is pinned in {pins[1].name}")
    wanted.write_text("".join(_pinned(pins[0], _PACKAGES) + dlls))
    target = ("--platform", "win_amd64", "--python-version", f"3.{minor}", "--implementation", "cp")
    abis = ("--abi", f"cp3{minor}", "--abi", "abi3", "--abi", "none")
    command = [*_pip(), "download", "-q", "--no-deps", "--only-binary=:all:", "--require-hashes", "-d", str(wheels)]
    done = subprocess.run(
        [*command, *target, *abis, "-r", str(wanted)], capture_output=True, timeout=_DOWNLOAD_SECONDS, check=False
    )
    if done.returncode:
        raise Missing(f"the wheels for Windows cannot be had: {done.stderr.decode(errors='replace')[-300:]}")
    made.mkdir()
    for wheel in sorted(wheels.iterdir()):
        with zipfile.ZipFile(wheel) as packed:
            is_python = wheel.name.startswith("panda3d")
            names = [one for one in packed.namelist() if is_python == one.startswith("deploy_libs/")]
            packed.extractall(folder if is_python else made / "site", names)
    for one in (folder / "deploy_libs").iterdir():
        if not one.name.startswith("api-ms-"):  # wine has its own
            one.rename(made / one.name)
    for one in (made / "site" / "pywin32_system32").iterdir():
        one.rename(made / one.name)


def _compile(dll: str, made: Path, compiler: str, objdump: str) -> None:
    """Make python.exe, python3.dll and the random numbers of Windows 10."""
    table = _run([objdump, "-p", str(made / f"{dll}.dll")])
    forwards = "".join(f"  {name} = {dll}.{name}\n" for name in _NAMES.findall(table))
    (made / "python3.def").write_text(f"LIBRARY python3\nEXPORTS\n{forwards}")
    (made / "python.c").write_text(_LAUNCHER)
    (made / "primitives.c").write_text(_PRIMITIVES)
    _run([compiler, "-shared", "-nostdlib", "-Wl,-e,0", "-o", str(made / "python3.dll"), str(made / "python3.def")])
    _run(
        [compiler, "-municode", "-s", "-o", str(made / "python.exe"), str(made / "python.c"), str(made / f"{dll}.dll")]
    )
    primitives = ("-o", str(made / "bcryptprimitives.dll"), str(made / "primitives.c"), "-ladvapi32")
    _run([compiler, "-shared", "-s", *primitives])


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=_BUILD_SECONDS).stdout


def _pinned(file: Path, names: tuple[str, ...]) -> list[str]:
    """Return the lines of these packages with their hashes, for any system."""
    text = file.read_text(encoding="utf-8").replace("\\\n", " ")
    found = {line.partition("==")[0].strip(): line for line in text.splitlines() if "==" in line and line[0] != "#"}
    chosen = (found[name] for name in names if name in found)
    return [
        re.sub(r";[^-]*(?=--hash)", "", re.sub(r"^panda3d-[0-9]+", "panda3d", line)).strip() + "\n" for line in chosen
    ]


def _stdlib(minor: int) -> Path:
    """Return the library of a CPython of this minor version here; raises Missing."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [sys.executable, f"/usr/bin/python3.{minor}", *map(str, pyenv.glob(f"3.{minor}.*/bin/python"))]
    script = "import sys, sysconfig; print(sys.version_info[1], sysconfig.get_path('stdlib'))"
    for one in candidates:
        if Path(one).exists():
            told, path = _run([one, "-I", "-c", script]).split(maxsplit=1)
            if told == str(minor):
                return Path(path.strip())
    raise Missing(f"there is no CPython 3.{minor} here to take the library from")


def _pip() -> list[str]:
    """Return the command of a pip; environments made by uv have none of their own."""
    for one in (sys.executable, str(Path(sys.base_prefix) / "bin" / "python3")):
        if subprocess.run([one, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
            return [one, "-m", "pip"]
    return [program("pip3", "pip")]


def _cache() -> Path:
    kept = os.environ.get("XDG_CACHE_HOME")
    return (Path(kept) if kept else Path.home() / ".cache") / "machxa-windows-python"
