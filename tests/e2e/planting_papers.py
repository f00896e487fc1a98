"""Plant hostile texts where people write papers: plans, attachments, dossiers, channels, calendars, notes."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

from tests.e2e.hostile import STRINGS
from tests.e2e.staged import Staged

_SHORT = tuple(one for one in STRINGS if len(one) <= 60)
_PDF = b"%PDF-1.4\nhstl\n%%EOF\n"
_ADDRESS = "=hstl`{}$'|@evil.invalid"  # as RFC 5321 lets a local part be


def plant_papers(centre: Staged, units: list[str]) -> dict[str, str]:
    """Plant them; return ids by the names that addresses of pages use."""
    _plans(centre)
    _attachments(centre)
    _notices(centre)
    _notes(centre, units)
    return _dossiers(centre, units)


def _plans(centre: Staged) -> None:
    """Let a scenario's sources, locks and overrides, prices and reasons be hostile, as many as there is room for."""
    paper = centre.ask("/planning/papers/scenario?name=A")
    lines = [
        str(one["id"])
        for one in centre.ask("/planning/plan?scenario=A&limit=60")["lines"]
        if str(one["id"]).startswith("asset:")
    ][:20]
    told = [f"shared_source = {_toml(_SHORT[1])}", f"own_source = {_toml(_SHORT[30])}"]
    for number, line in enumerate(lines):
        text = STRINGS[number * 3 % len(STRINGS)]
        told += ["[[override]]", f"line = {_toml(line)}", f"reason = {_toml(text[:500])}", 'action = "keep"']
        told += [f"actor = {_toml(text[:200])}"]
    content = paper["content"] + "\n" + "\n".join(told)
    centre.ask("/planning/papers/scenario", {"name": "A", "content": content, "reason": STRINGS[3][:500]}, "PUT")
    rows = list(csv.reader(io.StringIO(centre.ask("/planning/papers/prices")["content"])))
    source = rows[0].index("source")
    for number, row in enumerate(rows[1:]):
        row[source] = STRINGS[number % len(STRINGS)]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    centre.ask("/planning/papers/prices", {"content": out.getvalue(), "reason": STRINGS[40][:500]}, "PUT")


def _attachments(centre: Staged) -> None:
    asset = centre.ask("/assets?limit=1")["assets"][0]["id"]
    for subject, text in ((f"asset:{asset}", STRINGS[0]), ("price:pc:buy", STRINGS[53])):
        centre.ask(f"/planning/files?subject={quote(subject)}&name={quote(text[:150])}.pdf", _PDF)


def _notices(centre: Staged) -> None:
    mail = {"host": "127.0.0.1", "port": 9, "security": "none", "sender": _ADDRESS, "to": [_ADDRESS]}
    rules = {"scope": "nation", "quiet": None}
    centre.ask("/channels", {"id": "hstl", "kind": "email", "settings": mail, "rules": rules, "enabled": False})


def _notes(centre: Staged, units: list[str]) -> None:
    """Let names of calendars, tokens, mappings, and reasons of acts be hostile."""
    for number, text in enumerate(STRINGS[::4]):
        values = {
            "owner": units[0],
            "rule": "off",
            "valid_from": f"2027-05-{1 + number:02}",
            "name": _plain(text)[:200],
        }
        centre.ask(
            "/registry/calendars",
            {"values": {**values, "source": _plain(text)[:200], "confidence": "confirmed"}, "note": text[:500]},
        )
        centre.ask("/tokens", {"name": _plain(text)[:120], "roles": ["clerk"], "scope": units[0], "days": 1})
    assets = [one["id"] for one in centre.ask("/assets?limit=9")["assets"]]
    for asset, text in zip(assets, STRINGS[::7], strict=False):
        centre.ask(f"/assets/{asset}/move", {"unit": units[1], "note": text[:500]})


def _dossiers(centre: Staged, units: list[str]) -> dict[str, str]:
    for number, text in enumerate(STRINGS[::6]):
        asked = {"mapping": "rows", "folder": False}
        centre.ask("/dossiers/sources", {"id": f"hstl-{number}", "name": text[:200], "asked": asked})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Số hồ sơ", "Đơn vị", "Lĩnh vực", "Thủ tục", "Ngày tiếp nhận", "Ngày hẹn trả", *_SHORT[:20]])
    for number, text in enumerate(STRINGS):
        whose = units[0] if number % 2 else text
        writer.writerow([text[:64], whose, text[:60], text[:500], "02/11/2026", "05/11/2026", *[text] * 20])
    name = quote(f"{STRINGS[2]}.csv")
    made = centre.ask(f"/dossiers/imports?source=hstl-0&name={name}", out.getvalue().encode())
    centre.ask(f"/dossiers/imports/{made['id']}/mapping", {"save_as": _SHORT[8]}, "PUT", is_told=False)
    return {"dossier_import": made["id"]}


def _toml(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)


def _plain(text: str) -> str:
    """Return a text without what no record takes: signs of control, and those that turn the direction of writing."""
    return "".join(sign for sign in text if sign.isprintable() or sign == " ")
