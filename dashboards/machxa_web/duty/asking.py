"""Read from an address what somebody wants to see on the duty desk; what is no answer of ours is left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from machxa_web.duty.words import LAYERS, LOOKS

_SEVERITIES = ("P1", "P2", "P3", "P4")
_PLACE = re.compile(r"[0-9]{2}|all", re.ASCII)
_NAME = re.compile(r"[^\x00-\x1f<>\"']{1,60}")
_MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold the filters: "" is any. place "all" is the nation, "" the home province. everything: without effect too."""

    place: str = ""
    look: str = "state"
    severity: str = ""
    layer: str = ""
    system: str = ""
    provider: str = ""
    free: bool = False
    everything: bool = False
    is_wall: bool = False
    turn: int = 0

    def address(self, path: str = "/", **changed: str) -> str:
        """Return the address of the same question with some words changed; "" leaves a word out."""
        said = {
            "province": self.place,
            "map": "" if self.look == "state" else self.look,
            "severity": self.severity,
            "layer": self.layer,
            "system": self.system,
            "provider": self.provider,
            "free": "1" if self.free else "",
            "all": "1" if self.everything else "",
        }
        kept = {name: value for name, value in {**said, **changed}.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    @property
    def is_narrow(self) -> bool:
        """Return whether any filter hides incidents, the usual one aside."""
        return bool(self.severity or self.layer or self.system or self.provider or self.free)


def asked_of(query: Mapping[str, str]) -> Asked:
    """Return what an address asks for."""
    place, look, turn = query.get("province", ""), query.get("map", ""), query.get("turn", "")
    return Asked(
        place=place if _PLACE.fullmatch(place) else "",
        look=look if look in LOOKS else "state",
        severity=query["severity"] if query.get("severity") in _SEVERITIES else "",
        layer=query["layer"] if query.get("layer") in LAYERS else "",
        system=_name(query.get("system", "")),
        provider=_name(query.get("provider", "")),
        free=query.get("free") == "1",
        everything=query.get("all") == "1",
        is_wall=query.get("kiosk") == "1",
        turn=int(turn) % _MOST if turn.isascii() and turn.isdecimal() and len(turn) < len(str(_MOST)) + 1 else 0,
    )


def is_wall(request: Request) -> bool:
    """Return whether a screen on a wall asks."""
    return request.query_params.get("kiosk") == "1"


def _name(text: str) -> str:
    return text if _NAME.fullmatch(text) else ""
