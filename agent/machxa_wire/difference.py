"""Say what changed between two bodies of facts, and put a body together again from a base and a change.

The change is a JSON Merge Patch (RFC 7396): null takes a key away, objects merge, everything else replaces. Digests
tell both sides that they hold the same body: a patch is for one base only, and what it makes is checked before use.
"""

from __future__ import annotations

import hmac
import json
from typing import Dict, Mapping, Optional

from machxa_wire import fields
from machxa_wire.refusal import Reason, Refused

Body = Mapping[str, object]


def digest_of(body: Body) -> str:
    """Return 32 hex digits that tell one body from another, whatever the order of its keys."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # hmac is loaded for the wire already, hashlib would be 1.5 MB more in an agent
    return hmac.digest(b"facts body", text.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def difference(base: Body, body: Body) -> Optional[Dict[str, object]]:
    """Return the patch that makes ``body`` of ``base``; None where a null in the body cannot be said by one."""
    patch: Dict[str, object] = {key: None for key in base if key not in body}
    for key, new in body.items():
        old = base.get(key)
        if key in base and _is_same(old, new):
            continue
        if isinstance(new, dict):
            deeper = difference(old if isinstance(old, dict) else {}, new)
            if deeper is None:
                return None
            patch[key] = deeper
        elif new is None:
            return None
        else:
            patch[key] = new
    return patch


def rebuilt(base: Body, patch: Body, digest: str) -> Dict[str, object]:
    """Return the body a patch makes of its base; raises Refused when it has another digest, or is over a bound."""
    body = _patched(base, patch)
    if digest_of(body) != digest:
        raise Refused(Reason.BASE, "what the difference makes has another digest")
    fields.tree(body, "facts")
    return body


def _patched(base: object, patch: Body) -> Dict[str, object]:
    body = dict(base) if isinstance(base, dict) else {}
    for key, new in patch.items():
        if new is None:
            body.pop(key, None)
        elif isinstance(new, dict):
            body[key] = _patched(body.get(key), new)
        else:
            body[key] = new
    return body


def _is_same(old: object, new: object) -> bool:
    """Return whether two values are the same JSON: 1, 1.0 and true are not."""
    return old == new and json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)
