"""Open the whole product's page of this computer."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.watch import Watched

Opening = Callable[..., Watched]
ARRIVE_MS = 120_000
SHOWN = "document.querySelector('main').innerText"


@pytest.mark.skipif(platform.system() != "Linux", reason="compares with /proc")
def test_real_values_of_this_computer_arrive(real_pages: str, opened: Opening) -> None:
    watched = opened(real_pages)
    page = watched.page
    _reload_until(watched, "[data-chart=cpu] canvas")

    text = page.inner_text("main")

    for expected in (platform.node(), _cpu_model(), _memory(), "Hoạt động"):
        assert expected in text
    drawn = watched.drawn_points()
    assert {"cpu", "memory", "network"} <= set(drawn)
    assert min(drawn.values()) >= 1
    assert (watched.errors, watched.refused(), watched.elsewhere, watched.overflow()) == ([], [], [], 0)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_real_page_fits_a_phone_and_hinders_nobody(real_pages: str, opened: Opening, lang: str) -> None:
    watched = opened(f"{real_pages}/?lang={lang}", width=360)
    _reload_until(watched, ".facts")

    assert (watched.overflow(), watched.barriers(), watched.errors, watched.refused()) == (0, [], [], [])


def _reload_until(watched: Watched, selector: str) -> None:
    """Reload until an element is there, as a person would."""
    for _ in range(ARRIVE_MS // 2000):
        if watched.page.locator(selector).count():
            return
        watched.page.wait_for_timeout(2000)
        watched.page.reload()
    pytest.fail(f"{selector} did not come within {ARRIVE_MS / 1000:.0f} s: {watched.page.inner_text('main')}")


def _cpu_model() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="ascii"))
    return " ".join(found.group(1).split()) if found else ""


def _memory() -> str:
    found = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"))
    assert found is not None
    gibibytes = f"{int(found.group(1)) / 1024**2:.1f}".removesuffix(".0")
    return f"{gibibytes} GB".replace(".", ",")
