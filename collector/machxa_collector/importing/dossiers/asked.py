"""Say how a dossier system is asked for its figures: a drop folder, a timetable of requests, the mapping they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from machxa_collector.registry.learnt import learnt

_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$")]


class BadSource(ValueError):
    """Say which part of a source's settings cannot be used, and why."""


class Pull(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Ask an address every so many minutes; secret names the sealed secret that goes along as header."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https://[^/\s@]+(/[^\s]*)?$", max_length=1000)]
    every_minutes: Annotated[int, msgspec.Meta(ge=15, le=10_080)]
    secret: _Name | None = None
    header: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,59}$")] = "Authorization"
    scheme: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{0,20}$")] = "Bearer"


@learnt
class Asked(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Hold a source's settings; good_only: files that come by themselves are taken in without their bad rows."""

    mapping: Annotated[str, msgspec.Meta(min_length=1, max_length=60)] = "opencps-v2"
    folder: bool = False
    good_only: bool = False
    pull: Pull | None = None


def read_asked(body: Mapping[str, object]) -> Asked:
    """Return a source's settings from plain JSON; raises BadSource."""
    try:
        return msgspec.convert(dict(body), Asked)
    except msgspec.ValidationError as exc:
        raise BadSource(f"the source's settings are not as expected: {exc}") from exc


def show_asked(asked: Asked) -> dict[str, object]:
    """Return settings as plain JSON that read_asked takes back."""
    plain: dict[str, object] = msgspec.to_builtins(asked)
    return plain
