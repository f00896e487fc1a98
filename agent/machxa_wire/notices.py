"""Say what the centre tells the report window of one agent: what is known now, and what became of its reports.

Retained on ``down/notice``, under the MAC like everything that comes down. People read it and nothing acts on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from machxa_wire import fields
from machxa_wire.limits import MAX_TIME_MS, WIRE_VERSION
from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import deflate, inflate, to_body, to_text

MAX_NOTICES = 20
MAX_REPORTS = 20
MAX_SYSTEMS = 10
MAX_WORDS = 200  # characters of one sentence
MAX_CONTACT = 100
MAX_LINK = 160
STATES = ("received", "handling", "done")
LINK = re.compile(r"https?://[!-~]+", re.ASCII)
KEY = re.compile(r"[0-9A-Za-z_-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Notice:
    """Hold one thing that is known: a sentence in both languages, since when, and when it should be over.

    Times are ms since 1970 UTC by the centre's clock; until is None when nobody has said. systems are catalogue ids.
    """

    id: str
    words_vi: str
    words_en: str
    since: int
    until: Optional[int] = None
    systems: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """Say how far a report is that this agent sent: one of STATES, who has it, and when it should be over.

    link is the address of its page, where a phone adds a photograph; empty where there is none to give.
    """

    id: str
    state: str
    contact: str = ""
    until: Optional[int] = None
    link: str = ""


@dataclass(frozen=True)
class Notices:
    """Hold all that is known at a time; hotline is whom to call when the line is down, empty when nobody said."""

    at: int
    notices: Tuple[Notice, ...] = ()
    reports: Tuple[Progress, ...] = ()
    hotline: str = ""


def encode_notices(notices: Notices) -> bytes:
    """Return the payload, deflated where that is shorter."""
    return deflate(to_text(body_of(notices)))


def body_of(notices: Notices) -> Dict[str, object]:
    """Return the JSON object of what is known."""
    body: Dict[str, object] = {
        "v": WIRE_VERSION,
        "at": notices.at,
        "notices": [_notice_body(one) for one in notices.notices],
        "reports": [_progress_body(one) for one in notices.reports],
    }
    if notices.hotline:
        body["hotline"] = notices.hotline
    return body


def decode_notices(payload: bytes) -> Notices:
    """Return what is known; raises Refused. A field of a later version is passed over."""
    body = to_body(inflate(payload))
    return notices_of(body)


def notices_of(body: Dict[str, object]) -> Notices:
    """Return what a JSON object says; raises Refused."""
    notices = fields.array(body.get("notices", []), "notices", MAX_NOTICES)
    reports = fields.array(body.get("reports", []), "reports", MAX_REPORTS)
    return Notices(
        at=fields.integer(body.get("at"), "at", 0, MAX_TIME_MS),
        notices=tuple(_notice(fields.mapping(one, "notices")) for one in notices),
        reports=tuple(_progress(fields.mapping(one, "reports")) for one in reports),
        hotline=_line(body.get("hotline", ""), "hotline", MAX_CONTACT),
    )


def notices_schema() -> Dict[str, object]:
    """Return the JSON Schema of the message."""
    time: Dict[str, object] = {"type": "integer", "minimum": 0, "maximum": MAX_TIME_MS}
    key: Dict[str, object] = {"type": "string", "pattern": f"^{KEY.pattern}$"}
    sentence: Dict[str, object] = {"type": "string", "maxLength": MAX_WORDS}
    contact: Dict[str, object] = {"type": "string", "maxLength": MAX_CONTACT}
    word: Dict[str, object] = {"type": "string", "pattern": f"^{fields.WORD.pattern}$"}
    systems: Dict[str, object] = {"type": "array", "maxItems": MAX_SYSTEMS, "items": word}
    told: Dict[str, object] = {"id": key, "vi": sentence, "en": sentence, "since": time}
    link: Dict[str, object] = {"type": "string", "pattern": f"^{LINK.pattern}$", "maxLength": MAX_LINK}
    more: Dict[str, object] = {"contact": contact, "until": time, "link": link}
    progress: Dict[str, object] = {"id": key, "state": {"enum": list(STATES)}}
    return _object(
        {
            "v": {"const": WIRE_VERSION},
            "at": time,
            "notices": _array(_object({**told, "until": time, "systems": systems}, list(told)), MAX_NOTICES),
            "reports": _array(_object({**progress, **more}, list(progress)), MAX_REPORTS),
            "hotline": contact,
        },
        ["v", "at"],
    )


def _object(properties: Dict[str, object], required: List[str]) -> Dict[str, object]:
    return {"type": "object", "properties": properties, "required": required}


def _array(of: Dict[str, object], most: int) -> Dict[str, object]:
    return {"type": "array", "maxItems": most, "items": of}


def _notice(body: Dict[str, object]) -> Notice:
    systems = fields.array(body.get("systems", []), "systems", MAX_SYSTEMS)
    return Notice(
        id=fields.matching(body.get("id"), KEY, "id"),
        words_vi=_line(body.get("vi"), "vi", MAX_WORDS),
        words_en=_line(body.get("en"), "en", MAX_WORDS),
        since=fields.integer(body.get("since"), "since", 0, MAX_TIME_MS),
        until=fields.optional_integer(body, "until", 0, MAX_TIME_MS),
        systems=tuple(fields.matching(one, fields.WORD, "systems") for one in systems),
    )


def _progress(body: Dict[str, object]) -> Progress:
    state = fields.matching(body.get("state"), fields.WORD, "state")
    if state not in STATES:
        raise Refused(Reason.FIELD, f"state is {state!r}, expected one of {', '.join(STATES)}")
    return Progress(
        id=fields.matching(body.get("id"), KEY, "id"),
        state=state,
        contact=_line(body.get("contact", ""), "contact", MAX_CONTACT),
        until=fields.optional_integer(body, "until", 0, MAX_TIME_MS),
        link=fields.matching(body["link"], LINK, "link", MAX_LINK) if "link" in body else "",
    )


def _line(value: object, field: str, most: int) -> str:
    """Return a text of one line: it is shown as it came."""
    return " ".join(fields.text(value, field, most).split())


def _notice_body(notice: Notice) -> Dict[str, object]:
    body: Dict[str, object] = {
        "id": notice.id,
        "vi": notice.words_vi,
        "en": notice.words_en,
        "since": notice.since,
        "systems": list(notice.systems),
    }
    return body if notice.until is None else {**body, "until": notice.until}


def _progress_body(progress: Progress) -> Dict[str, object]:
    body: Dict[str, object] = {"id": progress.id, "state": progress.state}
    if progress.contact:
        body["contact"] = progress.contact
    if progress.link:
        body["link"] = progress.link
    return body if progress.until is None else {**body, "until": progress.until}
