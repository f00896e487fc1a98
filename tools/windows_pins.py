"""Check that the builds for Windows 7 can be made as pinned: ``python tools/windows_pins.py [--keep DIR]``.

For each list: every pin has a wheel for that Python and that Windows, with the hash the list names; what each wheel
says it needs there is pinned in a version that fits; and every DLL and program in it is made for that processor, for
Windows 7, and asks for nothing that came later. It needs a registry of packages, so no test runs it: run it when a pin
changes, and before a release. What a real Windows says is the checklist's business.
"""

# ruff: noqa: INP001, S603, T201 - a script that starts Python with arguments of ours and talks to people

from __future__ import annotations

import argparse
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PYTHON = "3.8"
_SETS = {"legacy-32": ("win32", "x86", 0x014C), "legacy-64": ("win_amd64", "AMD64", 0x8664)}  # PE format: Machine
_WINDOWS_7 = (6, 1)
_PE32_PLUS = 0x20B
# Of Windows 8: a library that imports one does not load; one that asks for it by name while it runs can do without.
_LATER = {"CreateFile2", "GetSystemTimePreciseAsFileTime", "ProcessPrng", "WaitOnAddress", "WakeByAddressSingle"}
_NATIVE = (".dll", ".exe", ".pyd")
_OTHERS = re.compile(r"(^setuptools/|Windows-\d\dbit-(?!intel))")  # launchers for every processor, not built in
_SECONDS = 600


def main() -> int:
    """Fetch and look; return 1 when something does not fit."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the wheels there, in a folder for each list")
    keep: Path | None = parser.parse_args().keep
    wrong: list[str] = []
    for name, (platform, machine, number) in _SETS.items():
        with tempfile.TemporaryDirectory(prefix="machxa-pins-") as temporary:
            folder = keep / name if keep else Path(temporary)
            pins = ROOT / "deploy" / "windows" / f"requirements-{name}.txt"
            found = _fetched(pins, platform, folder)
            found += [one for wheel in sorted(folder.glob("*.whl")) for one in looked_at(wheel, number)]
            found += unpinned(_needs(folder), pinned(pins.read_text(encoding="utf-8")), machine)
        print(f"{name}: {len(pinned(pins.read_text(encoding='utf-8')))} pins, {len(found)} do not fit")
        wrong += [f"{name}: {one}" for one in found]
    print("\n".join(wrong), end="\n" if wrong else "")
    return int(bool(wrong))


def pinned(text: str) -> dict[str, str]:
    """Return the versions of a list by normalized name."""
    return {_normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def unpinned(needs: dict[str, list[str]], pins: dict[str, str], machine: str) -> list[str]:
    """Return what wheels need on that Windows and no pin gives; needs are their Requires-Dist by wheel."""
    here: dict[str, str] = {
        **{name: str(value) for name, value in default_environment().items()},
        "implementation_name": "cpython",
        "os_name": "nt",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_system": "Windows",
        "python_full_version": "3.8.10",
        "python_version": PYTHON,
        "sys_platform": "win32",
        "extra": "",
    }
    wrong: list[str] = []
    for wheel, lines in needs.items():
        for wanted in map(Requirement, lines):
            if wanted.marker is None or wanted.marker.evaluate(here):
                version = pins.get(_normal(wanted.name))
                if version is None or not wanted.specifier.contains(version, prereleases=True):
                    wrong.append(f"{wheel} needs {wanted.name}{wanted.specifier}, pinned is {version}")
    return wrong


def looked_at(wheel: Path, machine: int) -> list[str]:
    """Return what in a wheel is made for another processor or a later Windows."""
    wrong: list[str] = []
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if name.lower().endswith(_NATIVE) and not _OTHERS.search(name):
                wrong += [f"{wheel.name}: {name}: {one}" for one in misfits(packed.read(name), machine)]
    return wrong


def misfits(image: bytes, machine: int) -> list[str]:
    """Return why a program or DLL does not load on Windows 7 with that processor; nothing where it does."""
    header = struct.unpack_from("<I", image, 0x3C)[0]
    if image[:2] != b"MZ" or image[header : header + 4] != b"PE\0\0":
        return ["no program of Windows"]
    made_for = struct.unpack_from("<H", image, header + 4)[0]
    least = struct.unpack_from("<HH", image, header + 24 + 48)  # MajorSubsystemVersion and Minor, optional header
    wrong = [] if made_for == machine else [f"made for processor {made_for:#06x}"]
    wrong += [] if least <= _WINDOWS_7 else [f"wants Windows {least[0]}.{least[1]}"]
    return wrong + [f"imports {one}, which Windows 7 has not" for one in sorted(imported(image) & _LATER)]


def imported(image: bytes) -> set[str]:
    """Return the names that a program or DLL must find to be loaded (PE format, the import directory)."""
    header = struct.unpack_from("<I", image, 0x3C)[0]
    sections, optional = struct.unpack_from("<H12xH", image, header + 6)
    is_64 = struct.unpack_from("<H", image, header + 24)[0] == _PE32_PLUS
    where = [
        struct.unpack_from("<8xIIII", image, header + 24 + optional + 40 * number) for number in range(sections)
    ]  # size in memory, address, size in the file, place in the file

    def place(address: int) -> int:
        return next((at + address - low for _, low, size, at in where if low <= address < low + size), 0)

    def text(at: int) -> str:
        return image[at : image.index(b"\0", at)].decode("ascii", "replace")

    directory = place(struct.unpack_from("<I", image, header + 24 + (112 if is_64 else 96) + 8)[0])
    found: set[str] = set()
    while directory and (table := struct.unpack_from("<I12xI", image, directory)) != (0, 0):
        names = place(table[0] or table[1])
        while entry := struct.unpack_from("<Q" if is_64 else "<I", image, names)[0]:
            if not entry >> (63 if is_64 else 31):  # else it is a number
                found.add(text(place(entry) + 2))
            names += 8 if is_64 else 4
        directory += 20
    return found


def _fetched(pins: Path, platform: str, folder: Path) -> list[str]:
    target = ("--platform", platform, "--python-version", PYTHON, "--implementation", "cp")
    abis = ("--abi", "cp38", "--abi", "abi3", "--abi", "none")
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        pip[0] = str(Path(sys.base_prefix) / "bin" / "python3")  # environments made by uv have none of their own
    command = [*pip, "download", "-q", "--no-deps", "--only-binary=:all:", "--require-hashes", "-d", str(folder)]
    done = subprocess.run(
        [*command, *target, *abis, "-r", str(pins)], capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    return [] if done.returncode == 0 else [line for line in done.stderr.splitlines() if line.startswith("ERROR")]


def _needs(folder: Path) -> dict[str, list[str]]:
    """Return what the wheels of a folder say they need."""
    found: dict[str, list[str]] = {}
    for wheel in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(wheel) as packed:
            name = next(one for one in packed.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", one))
            head = HeaderParser().parsestr(packed.read(name).decode("utf-8", "replace"))
            found[wheel.name] = head.get_all("Requires-Dist") or []
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
