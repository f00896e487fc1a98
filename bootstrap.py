"""Bring .venv to what uv.lock pins, by the best way this computer offers."""

from __future__ import annotations

import enum
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "machxa.json"
OLDEST_PIP = (22, 3)  # the first that knows --python
UV_OPTIONS = {"up": ("--no-default-groups", "--extra", "collector"), "all": ("--all-extras", "--all-groups")}


class Way(enum.Enum):
    """Name the ways to install, best first."""

    UV = "uv"
    VENV = "venv"
    SYSTEM_PIP = "venv --without-pip, then pip --python"
    APT = "apt, then venv"
    ASK = "ask whether apt may"
    TELL = "tell what to run"


@dataclass(frozen=True)
class Found:
    """Say what this computer offers.

    uv is its path, None when absent. privilege is what goes before apt-get, empty for root, None when it cannot
    be had. agreed is None when nobody was asked yet and somebody can be.
    """

    uv: str | None
    ensurepip: bool
    system_pip: bool
    apt: bool
    privilege: tuple[str, ...] | None
    agreed: bool | None


def choose(found: Found) -> Way:
    """Return the best way to install here."""
    if found.uv is not None:
        return Way.UV
    if found.ensurepip:
        return Way.VENV
    if found.system_pip:
        return Way.SYSTEM_PIP
    if not found.apt or found.privilege is None or found.agreed is False:
        return Way.TELL
    return Way.ASK if found.agreed is None else Way.APT


def mode_for(command: str, installed: str | None) -> str:
    """Return what to install; what the tests need stays once it was there."""
    return "up" if command == "up" and installed != "all" else "all"


def install_commands(way: Way, mode: str, found: Found, python: str) -> list[tuple[str, ...]]:
    """Return the commands that bring .venv to the lock, in order."""
    if way is Way.UV:
        return [(str(found.uv), "sync", "--frozen", "--compile-bytecode", "--python", python, *UV_OPTIONS[mode])]
    without = ("--without-pip",) if way is Way.SYSTEM_PIP else ()
    pip = (python, "-m", "pip", "--python", str(venv_python())) if without else (str(venv_python()), "-m", "pip")
    install = (*pip, "install", "--disable-pip-version-check")
    return [
        (python, "-m", "venv", *without, str(VENV)),
        (*install, "--require-hashes", "--no-deps", "-r", str(requirements(mode))),  # the lock is whole
        (*install, "--no-deps", "--no-build-isolation", "--no-index", "-e", "."),
    ]


def requirements(mode: str) -> Path:
    """Return the file that tells pip what uv.lock pins."""
    return ROOT / "requirements" / f"{mode}.txt"


def apt_package() -> str:
    """Return the Debian package that gives this Python its ensurepip."""
    return f"python{_python_version()}-venv"


def venv_python() -> Path:
    """Return the interpreter in .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ensure(command: str, *, yes: bool, no_uv: bool) -> int:
    """Install what a command needs unless it is there; return the exit status, 2 when the person must act."""
    stamp = _stamp()
    wanted = {"digest": _digest(), "mode": mode_for(command, stamp.get("mode")), "python": _python_version()}
    if stamp == wanted and venv_python().exists():
        return 0
    found = _found(yes=yes, no_uv=no_uv)
    way = choose(found)
    if way is Way.ASK:
        found = replace(found, agreed=_agrees())
        way = choose(found)
    if way is Way.TELL:
        line = f"{'' if found.privilege == () else 'sudo '}apt-get install -y {apt_package()}"
        fail(
            "không có uv, venv hay pip; hãy chạy dòng sau rồi thử lại",
            f"no uv, venv or pip here; run this, then try again: {line if found.apt else 'https://docs.astral.sh/uv/'}",
        )
        return 2
    say(
        "đang cài vào .venv, lần đầu mất một hai phút",
        f"installing into .venv by {way.value}; a minute or two the first time",
    )
    if way is Way.APT:
        status = _install_by_apt(found.privilege or ())
        if status:
            return status
        way = Way.VENV
    STAMP.unlink(missing_ok=True)  # an install that is interrupted is done again
    if not venv_python().exists() or (way is not Way.UV and stamp.get("python") != wanted["python"]):
        shutil.rmtree(VENV, ignore_errors=True)
    for step in install_commands(way, wanted["mode"], found, _base_python()):
        status = call(step)
        if status:
            other = "; python3 run.py --no-uv" if way is Way.UV else ""
            told = f"{' '.join(step)} ended with status {status}; check the network, then run this again{other}"
            return fail("cài đặt chưa xong; xem mạng rồi chạy lại", told)
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(wanted), encoding="utf-8")
    fresh.replace(STAMP)
    return 0


def _digest() -> str:
    """Return what tells one installation from another: the place, the lock, the packages."""
    told = hashlib.sha256(str(ROOT).encode())
    for name in ("uv.lock", "pyproject.toml"):
        told.update((ROOT / name).read_bytes())
    return told.hexdigest()


def _python_version() -> str:
    return "{}.{}".format(*sys.version_info[:2])


def _stamp() -> dict[str, str]:
    """Return what the last finished install wrote; empty when there was none."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _found(*, yes: bool, no_uv: bool) -> Found:
    """Look around, no further than needed: asking sudo leaves a trace in the system's log."""
    uv = None if no_uv else shutil.which("uv")
    ensurepip = importlib.util.find_spec("ensurepip") is not None
    system_pip = not (uv or ensurepip) and _system_pip()
    return Found(
        uv=uv,
        ensurepip=ensurepip,
        system_pip=system_pip,
        apt=shutil.which("apt-get") is not None,
        privilege=None if uv or ensurepip or system_pip else _privilege(),
        agreed=True if yes else None if sys.stdin.isatty() else False,
    )


def _system_pip() -> bool:
    told = subprocess.run((_base_python(), "-m", "pip", "--version"), capture_output=True, check=False).stdout
    version = re.match(rb"pip (\d+)\.(\d+)", told)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_PIP


def _privilege() -> tuple[str, ...] | None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asks_nothing = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    if asks_nothing:
        return (sudo, "-n")
    return (sudo,) if sys.stdin.isatty() else None


def _base_python() -> str:
    """Return the interpreter outside any virtual environment, so that .venv never stands on itself."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _agrees() -> bool:
    answer = input(f"Thiếu {apt_package()}. Cài bằng apt? (It is missing. Install it with apt?) [c/y/N] ")
    return answer.strip().lower() in {"c", "co", "có", "y", "yes"}


def _install_by_apt(privilege: tuple[str, ...]) -> int:
    install = (*privilege, "apt-get", "install", "-y", "--no-install-recommends", apt_package())
    status = call(install) and (call((*privilege, "apt-get", "update")) or call(install))
    if status:
        return fail("apt không cài được", f"{' '.join(install)} ended with status {status}; run it by hand, see why")
    importlib.invalidate_caches()
    return 0


def environment() -> dict[str, str]:
    """Return what our children see: UTF-8 also on Windows, and no other virtual environment than ours."""
    outer = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
    return {**outer, "PYTHONUTF8": "1", "UV_PROJECT_ENVIRONMENT": str(VENV)}


def call(command: tuple[str, ...], folder: Path = ROOT) -> int:
    """Run a command to its end and return its status; Ctrl-C reaches it too, and is 130 even if it ended well."""
    interrupted = False
    with subprocess.Popen(command, cwd=folder, env=environment()) as child:
        while True:
            try:
                status = child.wait()
            except KeyboardInterrupt:
                interrupted = True
            else:
                return status or (130 if interrupted else 0)


def say(vietnamese: str, english: str) -> None:
    """Tell the person, in both languages, on standard error."""
    print(f"Mạch Xã: {vietnamese} ({english})", file=sys.stderr)


def fail(vietnamese: str, english: str) -> int:
    """Tell the person what went wrong; return the exit status 1."""
    say(vietnamese, english)
    return 1
