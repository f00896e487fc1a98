"""Start what the browser looks at, and the browser: Debian's Chromium through Playwright."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from tests.e2e.watch import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give one Chromium with an empty profile; each page of it has a context of its own."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not on the PATH: apt-get install chromium")
    playwright_api = pytest.importorskip("playwright.sync_api", reason="uv sync --all-groups installs playwright")
    with playwright_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Give a way to open an address in a page that notes everything wrong with it."""
    contexts = []

    def opening(address: str, *, width: int = 1200, javascript: bool = True) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=javascript)
        contexts.append(context)
        watched = Watched(context.new_page(), address)
        watched.page.goto(address)
        return watched

    yield opening
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def fixture_pages() -> Iterator[Callable[[str], str]]:
    """Give the address of the pages over made-up assets of one case; each case is a process of its own."""
    with _Children() as children:
        started: dict[str, str] = {}

        def address(case: str) -> str:
            if case not in started:
                started[case] = children.start(["-m", "tests.web.serve_fixture", "{port}", case], ready="/")
            return started[case]

        yield address


@pytest.fixture(scope="session")
def real_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the whole product watching this computer: broker, collector, pages, agent."""
    if find_spec("machxa_agent.main") is None:
        pytest.skip("there is no machxa_agent.main yet")
    data = str(tmp_path_factory.mktemp("var"))
    with _Children() as children:
        command = ["-m", "machxa_collector.main", "up", "--data", data, "--port", "{port}"]
        address = children.start(command, ready="/readyz")
        _hurry(address, data)
        yield address


def _hurry(address: str, data: str) -> None:
    """Let agents sample and send every five seconds, so that a test need not wait for a batch of five minutes."""
    command = [sys.executable, "-m", "machxa_collector.main", "token", "api", "--data", data]
    token = subprocess.run(command, env=_environment(), cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    request = urllib.request.Request(
        f"{address}/api/v1/settings",
        json.dumps({"sample_seconds": 5, "batch_seconds": 5}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token.strip()}"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=10).close()


def _environment() -> dict[str, str]:
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("dashboards", "collector", "agent", "."))
    return {**os.environ, "PYTHONPATH": paths}


class _Children:
    """Start Python processes on free loopback ports, and end them by their own handles."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()

    def start(self, command: list[str], *, ready: str) -> str:
        """Return the address once ``ready`` answers 200."""
        with _free_port() as port:
            pass
        process = subprocess.Popen(
            [sys.executable, *(part.format(port=port) for part in command)],
            cwd=ROOT,
            env=_environment(),
            stdout=subprocess.DEVNULL,
        )
        self._running.append(process)
        address = f"http://127.0.0.1:{port}"
        _await_answer(address + ready, process)
        return address


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def _await_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    last = "nothing"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError as exc:  # refused, or too busy to answer in time
            last = str(exc)
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{address} gave {last} for {START_SECONDS:.0f} s; exit status {process.poll()}")
