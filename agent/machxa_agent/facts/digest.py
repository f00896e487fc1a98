"""Tell whether facts have changed."""

from __future__ import annotations

import hmac
import json
from typing import Dict, Mapping


def digest(facts: Mapping[str, object]) -> str:
    """Return 32 hex digits that stay the same for the same computer, whatever order its facts come in.

    A link that goes up or down, or changes its speed, is a sample and no new fact; so is what a battery still holds.
    """
    text = json.dumps(_lasting(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # hmac is loaded for the wire already, hashlib would be 1.5 MB more
    return hmac.digest(b"facts", text.encode(), "sha256").hex()[:32]


def _lasting(facts: Mapping[str, object]) -> Dict[str, object]:
    lasting = dict(facts)
    networks = facts.get("networks")
    if isinstance(networks, list):
        lasting["networks"] = [_unlinked(one) for one in networks]
    batteries = facts.get("batteries")
    if isinstance(batteries, list):
        lasting["batteries"] = [_unlinked(one) for one in batteries]
    return lasting


def _unlinked(row: object) -> object:
    if not isinstance(row, dict):
        return row
    return {key: value for key, value in row.items() if key not in _PASSING}


_PASSING = ("status", "speed", "real_capacity")
