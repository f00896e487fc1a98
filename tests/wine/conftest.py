"""Give the tests one Windows for a test process, or say why there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wine.machine import Windows, windows
from tests.wine.windows_python import Missing

MODERN = sys.version_info.minor


@pytest.fixture(scope="session")
def pc() -> Iterator[Windows]:
    """Return a Windows that was started."""
    try:
        with windows() as pc:
            yield pc
    except Missing as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="session")
def modern(pc: Windows) -> Path:
    """Return the python.exe of this Python's minor version, as the builds for Windows 10 and 11 have it."""
    return _python(pc, MODERN)


@pytest.fixture(scope="session")
def legacy(pc: Windows) -> Path:
    """Return the python.exe of the builds for Windows 7."""
    return _python(pc, 8)


@pytest.fixture(scope="session", params=[8, MODERN], ids=["3.8", f"3.{MODERN}"])
def python(pc: Windows, request: pytest.FixtureRequest) -> Path:
    """Return the python.exe of each build."""
    return _python(pc, request.param)


def _python(pc: Windows, minor: int) -> Path:
    try:
        return pc.python(minor)
    except Missing as exc:
        pytest.skip(str(exc))
