from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from machxa_web.pages import create_router
from tests.web.fixture_reader import NOW, PC, FixtureReader


def page_of(path: str, held: frozenset[str]) -> str:
    """Return a page for who holds these permissions."""
    app = FastAPI()
    app.state.may = lambda _request: held.__contains__
    app.include_router(create_router(lambda _request: FixtureReader(), lambda: NOW))
    text: str = TestClient(app).get(path).text
    return text


def places_on(path: str, held: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the links of the navigation, and which of them is said to be where we are."""
    text = page_of(path, held)
    inside = text[text.index('<div class="groups') : text.index("</header>")]
    return re.findall(r'href="([^"]+)"', inside), re.findall(r'href="([^"]+)" aria-current="page"', inside)


def test_a_link_is_shown_to_who_may_follow_it_alone() -> None:
    shown, _ = places_on("/assets", frozenset({"assets.read", "account.own"}))

    assert shown == ["/", "/assets", "/register", "/admin", "/notices", "/notices/schedules", "/account"]


@pytest.mark.parametrize(("path", "here"), [("/", "/"), ("/assets", "/assets"), (f"/assets/{PC}", "/assets")])
def test_the_navigation_says_where_a_page_belongs(path: str, here: str) -> None:
    _, marked = places_on(path, frozenset({"assets.read"}))

    assert marked == [here]


@pytest.mark.parametrize(
    ("path", "held", "told"),
    [
        (
            "/assets",
            {"assets.read", "account.own"},
            [("/", True), ("/register", False), ("/admin", False), ("/notices", False)],
        ),
        ("/assets", {"incidents.read"}, [("/incidents", True), ("/availability", False), ("/account", False)]),
        ("/", set(), [("/account", True)]),
    ],
    ids=["its own group is open", "the first is, where a page belongs to none", "who may do little"],
)  # fmt: skip
def test_a_wide_screen_shows_all_groups_and_the_places_of_one(
    path: str, held: set[str], told: list[tuple[str, bool]]
) -> None:
    text = page_of(path, frozenset(held))
    inside = text[text.index('<ul class="heads') : text.index("<details>")]

    assert [(href, bool(now)) for href, now in re.findall(r'href="([^"]+)"( aria-current="true")?', inside)] == told
    assert text.count('<div class="open">') == 1
