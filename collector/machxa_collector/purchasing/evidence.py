"""Put together what stands behind one line of a plan: an archive that whoever audits it can open. Pure."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from machxa_collector.planning.failing import signs, watched_of
from machxa_collector.planning.figure import as_tree
from machxa_collector.planning.outcome import Outcome, Settled, override_of, settled
from machxa_collector.planning.overrides import override_tree
from machxa_collector.planning.seal import sha256_of
from machxa_collector.planning.value import Worth, share_left
from machxa_collector.planning.wear import worn
from machxa_collector.planning.words import Action

_NO_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can say: the same line gives the same bytes


def line_of(found: Outcome, line_id: str) -> Settled | None:
    """Return a line of a plan, None where there is none of this id."""
    return next((one for one in settled(found) if one.line.id == line_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Hold a file behind a line's price or asset: about is what is told of it; content None: left out for its size."""

    number: int
    name: str
    content: bytes | None
    about: Mapping[str, object]


def subjects_of(one: Settled) -> tuple[str, ...]:
    """Return behind what files of a line may stand: its price, and its asset where it is of one."""
    line = one.line
    bought = Action.BUY if line.action is Action.REPLACE else line.action
    price = f"price:{line.item.value}:{bought.value}"
    return (price,) if line.asset is None else (price, f"asset:{line.asset}")


def archive(found: Outcome, one: Settled, files: Sequence[Attached] = ()) -> bytes:
    """Return a ZIP of JSON files: the line, its asset's figures down to their inputs, the unit's need, price and lock.

    files: quotations and photographs, as they are kept. SHA256SUMS names what is in it.
    """
    told: Mapping[str, object] = {**parts_of(found, one), "files": [each.about for each in files]}
    parts = {f"{name}.json": _json(value) for name, value in told.items()}
    parts |= {f"files/{each.number}-{each.name}": each.content for each in files if each.content is not None}
    sums = "".join(f"{hashlib.sha256(parts[name]).hexdigest()}  {name}\n" for name in sorted(parts))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in (*sorted(parts), "SHA256SUMS"):
            entry = zipfile.ZipInfo(name, _NO_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, parts.get(name, sums.encode()))
    return out.getvalue()


def parts_of(found: Outcome, one: Settled) -> Mapping[str, object]:
    """Return what stands behind a line, as plain JSON values."""
    basis, line, unit = found.needs.basis, one.line, one.unit
    price = basis.prices.price(line.item, line.action)
    lock, decided = found.locks.get(line.id), override_of(found, line)
    left = {item: share_left(unit.effective.get(item, 0.0), needed) for item, needed in unit.needed.items()}
    parts: dict[str, object] = {
        "line": {
            "id": line.id,
            "unit": line.unit,
            "unit_name": unit.commune.name,
            "item": line.item.value,
            "action": line.action.value,
            "vnd": line.vnd,
            "rule": line.rule,
            "why": line.why,
            "priority": line.priority,
            "source": one.source,
            "left_out": one.left_out,
            "scenario": found.name,
            "stamp": found.stamp,
            "plan_sha256": sha256_of(found, tuple(settled(found))),
            "on": basis.today.isoformat(),
        },
        "need": [
            {"item": gap.item.value, "expected": as_tree(gap.expected), "lacking": as_tree(gap.lacking)}
            for gap in unit.gaps
            if gap.item is line.item
        ],
        "lost": as_tree(Worth(basis.model, basis.rules).explained(unit.commune, left)),
        "price": None
        if price is None or line.action is Action.REPAIR
        else {
            "vnd": price.vnd,
            "source": price.source,
            "approved_on": None if price.approved_on is None else price.approved_on.isoformat(),
            "quotations": list(price.quotations),
        },
        "override": None if decided is None else override_tree(decided),
        "lock": None if lock is None else {"way": lock.way, "reason": lock.reason, "actor": lock.actor},
        "rules": {"version": basis.rules.version, "source": basis.rules.source},
    }
    if one.judged is not None:
        asset, value = one.judged.asset, worn(one.judged.asset, basis.rules, basis.today)
        case = one.judged.advice.disposal
        parts["asset"] = {
            "id": asset.id,
            "code": asset.code,
            "serial": asset.serial,
            "name": asset.name,
            "score": as_tree(one.judged.scored.total),
            "completeness": one.judged.scored.completeness,
            "wear": {name: as_tree(getattr(value, name)) for name in ("annual", "accumulated", "book_value")},
            "disposal": {"eligible": case.eligible.value, "reason": case.reason, "rule": case.rule},
            "repairs": [
                {"on": each.on.isoformat(), "state": each.state, "what": each.what, "vnd": each.vnd}
                for each in asset.mending
            ],
            "signs": [
                {"name": sign.name, "figure": as_tree(sign.figure), "method": sign.method}
                for sign in signs(watched_of(asset), basis.rules)
            ],
        }
    return parts


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()
