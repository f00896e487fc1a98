"""Run programs of Windows in a Windows of the test's own: a wine prefix that ends with its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.wine.windows_python import ROOT, Missing, WindowsPython, program, windows_python

_WINE = ("wine64", "/usr/lib/wine/wine64", "wine")
_SERVER = ("wineserver", "/usr/lib/wine/wineserver64", "/usr/lib/wine/wineserver")
_BOOT_SECONDS = 120
_BOOTS = 3


@dataclass(frozen=True)
class Windows:
    """Hold a wine prefix and the CPythons in it, by minor version."""

    wine: str
    prefix: Path
    environment: dict[str, str]

    @property
    def drive(self) -> Path:
        """Return the folder that is C:."""
        return self.prefix / "drive_c"

    def python(self, minor: int) -> Path:
        """Return python.exe of CPython 3.minor, which finds the agent of this checkout; raises Missing."""
        folder = self.drive / f"python3{minor}"
        if not folder.exists():
            made: WindowsPython = windows_python(minor)
            shutil.copytree(made.folder, folder)
            paths = [str(made.stdlib), str(ROOT / "agent")]
            site = (".", "site", r"site\win32", r"site\win32\lib")
            (folder / f"python3{minor}._pth").write_text("\n".join([*map(on_z, paths), *site]) + "\n")
        return folder / "python.exe"

    def start(self, path: Path, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a program of Windows; more is added to its environment."""
        return subprocess.Popen(
            [self.wine, str(path), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.environment, **more},
        )

    def run(self, path: Path, *arguments: str, seconds: float = 60, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program of Windows to its end."""
        process = self.start(path, *arguments, **more)
        try:
            out, errors = process.communicate(timeout=seconds)
        finally:
            process.kill()
        told = (one.decode("utf-8", "replace").replace("\r\n", "\n") for one in (out, errors))
        return subprocess.CompletedProcess(process.args, process.returncode, *told)


def on_z(path: str) -> str:
    r"""Return a path of this computer as Windows sees it, on drive Z."""
    return "Z:" + path.replace("/", "\\")


@contextmanager
def windows() -> Iterator[Windows]:
    """Start a Windows, and end every program of it; raises Missing."""
    wine, server = program(*_WINE), program(*_SERVER)
    with tempfile.TemporaryDirectory(prefix="machxa-wine-", ignore_cleanup_errors=True) as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DISPLAY", "COV"))}
        environment = {
            **kept,
            "WINEPREFIX": str(Path(folder) / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
            "WINESERVER": server,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
        }

        def quietly(*command: str) -> None:  # what stays in the background must not hold a test's pipe
            subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_BOOT_SECONDS,
                check=False,
            )

        keeper = _keeper(wine, environment, quietly)
        try:
            prefix = Path(environment["WINEPREFIX"])
            if not (prefix / "drive_c" / "windows").is_dir():
                raise Missing("wine made no Windows here")
            yield Windows(wine, prefix, environment)
        finally:
            quietly(server, "-k")
            quietly(server, "-w")
            keeper.communicate(timeout=_BOOT_SECONDS)


def _keeper(wine: str, environment: dict[str, str], quietly: Callable[..., None]) -> subprocess.Popen[bytes]:
    """Return a program that runs until its input ends, once Windows is up.

    As long as one program runs, Windows' own services do not end and begin again between two others. Of two programs
    that begin in a Windows that is not there yet one is sometimes refused, so the first one makes it alone.
    """
    for _ in range(_BOOTS):
        quietly(wine, "cmd.exe", "/c", "exit")  # returns once Windows is up
        keeper = subprocess.Popen(
            [wine, "cmd.exe", "/k"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        quietly(wine, "cmd.exe", "/c", "exit")
        if keeper.poll() is None:
            return keeper
    raise Missing("no program of Windows stays running here")
