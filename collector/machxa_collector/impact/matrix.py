"""Show the assumptions as flat rows that a person can change, take rows back, and say what a change does. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum

from machxa_collector.impact.explained import Measure, known
from machxa_collector.impact.factor import stage_factor, through_line
from machxa_collector.impact.model import BadModel, Body, Model, model_of
from machxa_collector.impact.words import Channel, Group, Stage, System

MOST_ENTRIES = 2000
_WORDS = {"hard": "hard", "cứng": "hard", "defer": "defer", "hoãn": "defer", "none": "none", "không": "none"}
_TABLES = {"pace": "pace", "threshold": "thresholds", "figure": "figures"}
_WHOLE = "horizon_days"


class Section(Enum):
    """Say what a row is about; a stage, group, channel and name are given as the section needs them."""

    NEED = "need"  # stage, perhaps group and channel, name: the system
    PAPER = "paper"  # group and stage
    PACE = "pace"  # name
    THRESHOLD = "threshold"  # name
    FIGURE = "figure"  # name
    SHARE = "share"  # group


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one assumption; what its section does not need is "". A need is "hard", "defer", "none" or 0 to 1."""

    section: str
    stage: str = ""
    group: str = ""
    channel: str = ""
    name: str = ""
    value: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """Return what no other row may say."""
        return self.section, self.stage, self.group, self.channel, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Say what is wrong in a row (0 is the first, None: the whole), in Vietnamese and English."""

    row: int | None
    column: str
    vi: str
    en: str


class BadEntries(ValueError):
    """Hold every fault; the person who entered the rows can mend them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(one.en if one.row is None else f"row {one.row + 1}: {one.en}" for one in faults[:5]))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Give one row before and after; None: it was not there, or is no longer."""

    key: tuple[str, str, str, str, str]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Say what of a stage's capacity is left when one system is gone, before and after a change."""

    system: System
    group: Group
    channel: Channel
    stage: Stage
    before: float
    after: float


def entries_of(body: Body) -> tuple[Entry, ...]:
    """Return the rows of assumptions in their order."""
    return tuple(_entries(body))


def body_of(entries: Sequence[Entry], base: Body, version: str, source: str) -> Body:
    """Return the assumptions that rows say; paths, and what is reached through the line, are the base's.

    Raises BadEntries with every row that cannot be used.
    """
    if len(entries) > MOST_ENTRIES:
        raise BadEntries([_whole(f"nhiều hơn {MOST_ENTRIES} dòng", f"more than {MOST_ENTRIES} rows")])
    faults: list[Fault] = []
    seen: dict[tuple[str, str, str, str, str], int] = {}
    body = deepcopy(dict(base))
    body |= {"version": version, "source": source, "need": [], "paper": {}}
    body["figures"]["share"] = {}
    for row, entry in enumerate(entries):
        if entry.key in seen:
            first = seen[entry.key] + 1
            faults.append(Fault(row=row, column="name", vi=f"trùng dòng {first}", en=f"the same as row {first}"))
            continue
        seen[entry.key] = row
        faults += [Fault(row=row, column=column, vi=vi, en=en) for column, vi, en in _put(body, base, entry)]
    faults += _left_out(base, seen)
    if faults:
        raise BadEntries(faults)
    try:
        model_of(body)
    except BadModel as refused:
        raise BadEntries([_whole(f"bộ giả định không khớp: {refused}", str(refused))]) from refused
    return body


def changes(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[Change, ...]:
    """Return the rows that differ, those that were there first."""
    old, new = {one.key: one.value for one in before}, {one.key: one.value for one in after}
    return tuple(
        Change(key=key, before=old.get(key), after=new.get(key))
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key)
    )


def shifts(before: Model, after: Model) -> Iterator[Shift]:
    """Give each stage for which the loss of one system means something else than before."""
    gone = known(0.0, Measure.RATIO, "F1")
    for system in System:
        for group, channel in before.paths:
            for stage in after.paths[group, channel]:
                left = [
                    stage_factor(
                        model.needs.get((group, channel, stage), {}), through_line({system: gone}, model.remote)
                    ).figure
                    or 0.0
                    for model in (before, after)
                ]
                if left[0] != left[1]:
                    yield Shift(system=system, group=group, channel=channel, stage=stage, before=left[0], after=left[1])


def _entries(body: Body) -> Iterator[Entry]:
    for row in body["need"]:
        for system, need in row["needs"].items():
            yield Entry(
                section="need",
                stage=row["stage"],
                group=row.get("group") or "",
                channel=row.get("channel") or "",
                name=system,
                value=_text(need),
            )
    for group, stages in body["paper"].items():
        for stage, share in stages.items():
            yield Entry(section="paper", stage=stage, group=group, value=_text(share))
    for section, table in _TABLES.items():
        for name, value in body[table].items():
            if name not in ("source", "share"):
                yield Entry(section=section, name=name, value=_text(value))
    for group, share in body["figures"]["share"].items():
        yield Entry(section="share", group=group, value=_text(share))


def _put(body: Body, base: Body, entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Put one row into a body, or give what is wrong with it: column, Vietnamese, English."""
    if entry.section not in [one.value for one in Section]:
        yield "section", f"không có phần {entry.section!r}", f"there is no section {entry.section!r}"
        return
    wrong = list(_misplaced(base, entry))
    yield from wrong
    value = entry.value.strip().lower()
    if entry.section == "need" and value in _WORDS:
        found: float | str | None = _WORDS[value]
    else:
        found = _number(value)
    if found is None:
        expected = "hard, defer, none, 0-1" if entry.section == "need" else "0, 0,25, 7.5"
        yield (
            "value",
            f"{entry.value!r} không đọc được; cần {expected}",
            f"value is {entry.value!r}, expected {expected}",
        )
    if wrong or found is None:
        return
    if entry.section in ("need", "paper", "share") and isinstance(found, float) and not 0 <= found <= 1:
        yield "value", f"{entry.value} không nằm trong 0 đến 1", f"value is {entry.value}, expected 0 to 1"
    elif entry.section == "need":
        _need_row(body, entry)["needs"][entry.name] = found
    elif entry.section == "paper":
        body["paper"].setdefault(entry.group, {})[entry.stage] = found
    elif entry.section == "share":
        body["figures"]["share"][entry.group] = found
    elif entry.name == _WHOLE and found != int(float(found)):
        yield "value", f"{entry.value} phải là số nguyên", f"value is {entry.value}, expected a whole number"
    else:
        body[_TABLES[entry.section]][entry.name] = int(float(found)) if entry.name == _WHOLE else found


def _misplaced(base: Body, entry: Entry) -> Iterator[tuple[str, str, str]]:
    section = entry.section
    names = {
        "need": {one.value for one in System},
        "paper": {""},
        "share": {""},
        **{key: set(base[table]) - {"source", "share"} for key, table in _TABLES.items()},
    }
    stages = {one.value for one in Stage} if section in ("need", "paper") else {""}
    groups = {one.value for one in Group} if section in ("need", "paper", "share") else {""}
    channels = {one.value for one in Channel} if section == "need" else set[str]()
    allowed = {
        "stage": stages,
        "group": groups | {""} if section == "need" else groups,
        "channel": channels | {""},
        "name": names[section],
    }
    for column, words in allowed.items():
        said = getattr(entry, column)
        if said not in words:
            expected = ", ".join(sorted(words)) or "-"
            yield column, f"{said!r} không dùng được; cần {expected}", f"{column} is {said!r}, expected {expected}"


def _left_out(base: Body, seen: Mapping[tuple[str, str, str, str, str], int]) -> Iterator[Fault]:
    """Give every figure of which no row tells: needs and paper may be left out, the rest may not."""
    for entry in _entries(base):
        if entry.section not in ("need", "paper") and entry.key not in seen:
            what = f"{entry.section} {entry.name or entry.group}"
            yield _whole(f"thiếu dòng {what}", f"no row says {what}")


def _need_row(body: Body, entry: Entry) -> Body:
    place = {"stage": entry.stage, "group": entry.group or None, "channel": entry.channel or None}
    for row in body["need"]:
        if all(row.get(name) == value for name, value in place.items()):
            found: Body = row
            return found
    body["need"].append({**{name: value for name, value in place.items() if value}, "needs": {}})
    added: Body = body["need"][-1]
    return added


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < 1e9 else None  # noqa: PLR2004 (neither endless nor no number)


def _text(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)  # %g alone keeps six digits


def _whole(vi: str, en: str) -> Fault:
    return Fault(row=None, column="", vi=vi, en=en)
