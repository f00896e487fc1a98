"""Tell whether facts have changed."""

from __future__ import annotations

import hashlib
import json
from typing import Dict, List, Mapping


def digest(facts: Mapping[str, object]) -> str:
    """Return 32 hex digits that stay the same for the same computer, whatever order its facts come in.

    A link that goes up or down, or changes its speed, is a sample and no new fact.
    """
    text = json.dumps(_lasting(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _lasting(facts: Mapping[str, object]) -> Dict[str, object]:
    lasting = dict(facts)
    networks = facts.get("networks")
    if isinstance(networks, list):
        kept = []  # type: List[object]
        for one in networks:
            kept.append({key: one[key] for key in one if key not in _PASSING} if isinstance(one, dict) else one)
        lasting["networks"] = kept
    return lasting


_PASSING = ("status", "speed")
