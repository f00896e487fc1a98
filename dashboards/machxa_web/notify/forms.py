"""Read the forms of notices; what the API would refuse anyway is left to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from machxa_web.admin.desk import Trouble

Json = dict[str, object]
MOST_STEPS = 3
_BETWEEN = re.compile(r"[\s,;]+")


def wishes_of(form: Mapping[str, str]) -> Json:
    """Return wishes as the API takes them; raises Trouble."""
    quiet = [_clock(form, "quiet_from"), _clock(form, "quiet_to")]
    if any(quiet) and not all(quiet):
        raise Trouble(422, "giờ yên tĩnh cần cả hai đầu; chưa lưu gì", "quiet hours need both ends; nothing was saved")
    return {
        "language": form.get("language", "vi"),
        "least": form.get("least", ""),
        "least_digest": form.get("least_digest", ""),
        "quiet": quiet if all(quiet) else None,
        "urgent_passes": "urgent_passes" in form,
        "digest": sorted(set(_parts(form, "digest"))),
        "budget": _whole(form, "budget"),
        "tell_ended": "tell_ended" in form,
    }


def channel_of(form: Mapping[str, str]) -> Json:
    """Return a new channel as the API takes it; raises Trouble."""
    kind = form.get("kind", "")
    settings: Json = {name: form[name].strip() for name in _TEXTS if form.get(name, "").strip()}
    if kind == "email":
        settings |= {"to": _parts(form, "to")} | ({"port": _whole(form, "port")} if form.get("port") else {})
    rules: Json | None = None
    if form.get("scope", "").strip():
        rules = {"scope": form["scope"].strip(), "least": form.get("least", "P3")}
        rules |= {} if "quiet" in form else {"quiet": None}
    return {"id": form.get("id", "").strip(), "kind": kind, "settings": settings, "rules": rules}


def policy_of(form: Mapping[str, str]) -> Json:
    """Return what holds for all as the API takes it; raises Trouble."""
    steps = [
        {"after_minutes": _whole(form, f"after{number}"), "to": _parts(form, f"to{number}")}
        for number in range(1, MOST_STEPS + 1)
        if form.get(f"after{number}", "").strip()
    ]
    return {
        "base_url": form.get("base_url", "").strip(),
        "escalation": {"least": form.get("least", "P2"), "steps": steps},
    }


def whole_of(form: Mapping[str, str], name: str) -> int:
    """Return a whole number of a form; raises Trouble."""
    return _whole(form, name)


def _clock(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").strip()[:5]


def _parts(form: Mapping[str, str], name: str) -> list[str]:
    return [one for one in _BETWEEN.split(form.get(name, "").strip()) if one]


def _whole(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):  # noqa: PLR2004 - exact in JSON
        raise Trouble(422, "chỗ này cần một số; chưa lưu gì", f"{name} needs a whole number; nothing was saved")
    return int(text)


_TEXTS = ("host", "security", "sender", "user", "password", "url", "token", "ca")
