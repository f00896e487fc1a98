from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from machxa_web.pages import create_router
from tests.web.fixture_reader import NOW, PC, FixtureReader


def places_on(path: str, held: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the links of the navigation, and which of them is said to be where we are."""
    app = FastAPI()
    app.state.may = lambda _request: held.__contains__
    app.include_router(create_router(lambda _request: FixtureReader(), lambda: NOW))
    text = TestClient(app).get(path).text
    inside = text[text.index('<nav class="places') : text.index("</header>")]
    return re.findall(r'href="([^"]+)"', inside), re.findall(r'href="([^"]+)" aria-current="page"', inside)


def test_a_link_is_shown_to_who_may_follow_it_alone() -> None:
    shown, _ = places_on("/assets", frozenset({"assets.read", "account.own"}))

    assert shown == ["/", "/assets", "/register", "/admin", "/notices", "/notices/schedules", "/account"]


@pytest.mark.parametrize(("path", "here"), [("/", "/"), ("/assets", "/assets"), (f"/assets/{PC}", "/assets")])
def test_the_navigation_says_where_a_page_belongs(path: str, here: str) -> None:
    _, marked = places_on(path, frozenset({"assets.read"}))

    assert marked == [here]
