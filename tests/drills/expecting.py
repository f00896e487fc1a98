"""Compare a drill's answer with what its scenario expects, and say in words what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
_START_MINUTES = 5.5  # one check interval of a gateway, and its round
_END_MINUTES = 11.0
_EXACT = ("cause", "layer", "subject", "first_cause", "suppressed_by", "reports")
_KNOWN = {
    *_EXACT,
    "units",
    "started_at",
    "within",
    "ended_at",
    "severity_at_most",
    "witnesses_at_least",
    "opened",
    "opened_at",
    "optional",
}


def differences(answer: Json, expect: Json, units: Sequence[str]) -> list[str]:
    """Return what differs, nothing when the answer is as expected; units are all of the scenario's."""
    found, left = [], dict(enumerate(answer["incidents"]))
    for one in expect["incidents"]:
        unknown = set(one) - _KNOWN
        if unknown:
            return [f"the scenario expects {sorted(unknown)}, which nobody checks"]
        reasons = {number: list(_unlike(told, one, units, _opened(answer, number))) for number, told in left.items()}
        number = min(reasons, key=lambda key: len(reasons[key]), default=None)
        if number is not None and not reasons[number]:
            del left[number]
        elif not one.get("optional"):
            nearest = "" if number is None else f"; the nearest differs in {'; '.join(reasons[number])}"
            found.append(f"missing {one.get('cause')} {one.get('subject')}{nearest}")
    found += [
        f"beside these: {told['cause']} {told['layer']} {told['subject']} {told['severity']} from {told['started_at']}"
        for told in left.values()
        if told["severity"] < expect.get("others_at_most", "P0")
    ]
    opened = sum(one["kind"] == "opened" for one in answer["notifications"])
    if "opened" in expect and opened not in _several(expect["opened"]):
        found.append(f"{opened} notified, expected {expect['opened']}")
    found += [
        f"{key} is {answer['states'][key]}, expected {value}"
        for key, value in expect.get("states", {}).items()
        if answer["states"][key] != value
    ]
    return found


def _unlike(told: Json, one: Json, units: Sequence[str], opened: list[float]) -> Iterator[str]:
    """Yield in what an incident differs from an expected one; a key that is not there is not compared."""
    for key in _EXACT:
        if key in one and told[key] not in _several(one[key]):
            yield f"{key} {told[key]!r}, not {one[key]!r}"
    wanted = one.get("units")
    if wanted is not None and told["units"] != sorted(units if wanted == "all" else wanted):
        yield f"units {told['units']}"
    if "started_at" in one and not any(
        abs(told["started_at"] - moment) <= one.get("within", _START_MINUTES) for moment in _several(one["started_at"])
    ):
        yield f"started_at {told['started_at']}, not {one['started_at']}"
    yield from _ended(told, one)
    if "severity_at_most" in one and told["severity"] < one["severity_at_most"]:
        yield f"severity {told['severity']}"
    if told["witnesses"] < one.get("witnesses_at_least", 0):
        yield f"{told['witnesses']} witnesses"
    if "opened" in one and one["opened"] != "any" and len(opened) != one["opened"]:
        yield f"notified {len(opened)} times"
    if "opened_at" in one and not all(one["opened_at"][0] <= at <= one["opened_at"][1] for at in opened):
        yield f"notified at {opened}"


def _ended(told: Json, one: Json) -> Iterator[str]:
    if "ended_at" not in one:
        return
    wanted, ended = one["ended_at"], told["ended_at"]
    if (wanted is None) != (ended is None) or (wanted is not None and abs(ended - wanted) > _END_MINUTES):
        yield f"ended_at {ended}, not {wanted}"


def _opened(answer: Json, number: int) -> list[float]:
    return [one["at"] for one in answer["notifications"] if one["incident"] == number and one["kind"] == "opened"]


def _several(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else (value,)
