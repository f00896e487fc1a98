"""Give the pages, each with the banner of a demonstration."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from machxa_collector import pages as usual
from machxa_collector.api.deps import Deps
from machxa_web.render import demonstration


def pages(deps: Deps) -> Sequence[APIRouter]:
    """Return the routers of the pages."""
    with demonstration():
        return usual.pages(deps)
