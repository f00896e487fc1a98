"""A layer is well only where something says so; what nobody looks at is unknown, never well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.communes.ladder import Device, Layer, Light, Seen, ladder
from machxa_collector.incidents.words import Cause, Hush
from tests.collector.communes.scene import JAM, LAND, LINE
from tests.collector.effects.scene import at

NOW = at(10)
OPEN_LINE = replace(LINE, ended_at=None)
DARK = replace(OPEN_LINE, cause=Cause.POWER_OR_LINE, state="dark")


def pc(state: str, *, name: str = "a") -> Device:
    return Device(id=name, kind="computer", state=state, at=at(8), has_agent=True)


def watched(kind: str, state: str | None) -> Device:
    return Device(id=f"{kind}-{state}", kind=kind, state=state, at=at(9), has_agent=False)


ON = Seen(now=NOW, devices=[pc("on")], incidents=[])
WHOLE = replace(
    ON,
    devices=[pc("on"), watched("router", "ok")],
    lines={"internet": (1, NOW)},
    checks={"dossier-web": (1, NOW)},
    has_gateway=True,
)
W, K, D, C, U, F, P = Light.WELL, Light.WEAK, Light.DOWN, Light.UNCLEAR, Light.UNKNOWN, Light.OFF, Light.PLANNED
CASES = {  # what is seen: power, router, line, LAN, computers, systems
    "nobody is there": (replace(ON, devices=[]), (U, U, U, U, U, U)),
    "a computer reports, and nobody looks around": (ON, (W, U, W, U, W, U)),
    "all is looked at and well": (WHOLE, (W, W, W, W, W, W)),
    "all said good-bye": (replace(ON, devices=[pc("off")]), (F, U, F, F, F, U)),
    "one off, one lost": (replace(ON, devices=[pc("off"), pc("lost", name="b")]), (U, U, U, U, U, U)),
    "one of two computers lost": (replace(WHOLE, devices=[pc("on"), pc("lost", name="b")]), (W, U, W, W, K, W)),
    "the router is silent": (replace(WHOLE, devices=[pc("on"), watched("router", "unreachable")]), (W, D, W, W, W, W)),
    "the router told nothing yet": (replace(WHOLE, devices=[pc("on"), watched("router", None)]), (W, U, W, W, W, W)),
    "the only line fails, not judged": (replace(WHOLE, lines={"internet": (0, NOW)}), (W, W, C, W, W, W)),
    "one of two lines fails": (replace(WHOLE, lines={"internet": (0, NOW), "tslcd": (1, NOW)}), (W, W, K, W, W, W)),
    "a check fails, not judged": (replace(WHOLE, checks={"a": (0, NOW), "b": (1, NOW)}), (W, W, W, W, W, C)),
    "checks are too old": (replace(WHOLE, checks={"a": (1, NOW - 1_200_001)}), (W, W, W, W, W, U)),
    "dark: power or line": (replace(ON, devices=[pc("lost")], incidents=[DARK]), (C, U, C, U, U, U)),
    "the line is down": (replace(WHOLE, incidents=[OPEN_LINE]), (W, W, D, W, W, W)),
    "it was announced": (replace(WHOLE, incidents=[replace(OPEN_LINE, suppressed_by=Hush.MAINTENANCE)]),
                         (W, W, P, W, W, W)),
    "a printer is jammed": (replace(WHOLE, devices=[*WHOLE.devices, Device(id=JAM.subject, kind="printer",
                            state="blocked", at=None, has_agent=False)], incidents=[JAM]), (W, W, W, W, K, W)),
    "a system is down": (replace(WHOLE, incidents=[LAND]), (W, W, W, W, W, D)),
}  # fmt: skip


@pytest.mark.parametrize(("seen", "lights"), CASES.values(), ids=CASES)
def test_how_the_layers_stand(seen: Seen, lights: tuple[Light, ...]) -> None:
    assert tuple(rung.light for rung in ladder(seen)) == lights


def test_the_gravest_incident_of_a_layer_is_named_since_it_began() -> None:
    weak = replace(LAND, id="ff" * 8, state="slow", started_at=at(8))

    rung = ladder(replace(WHOLE, incidents=[weak, LAND]))[-1]

    assert (rung.layer, rung.light, rung.incident, rung.since) == (Layer.SYSTEMS, Light.DOWN, LAND, LAND.started_at)


def test_a_layer_that_is_well_is_so_since_its_last_incident() -> None:
    line = ladder(replace(WHOLE, ended={Layer.LINE: at(7, 58)}))[2]

    assert (line.light, line.since, line.number) == (Light.WELL, at(7, 58), 1)
