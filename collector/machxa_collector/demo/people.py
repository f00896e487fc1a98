"""Let people do what people do in the scripted day, through everybody's API: acknowledge, promise, go to paper."""

from __future__ import annotations

import json
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from machxa_collector.demo.clock import Clock
from machxa_collector.demo.plan import Plan

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_TRIES = 600  # for an incident to be found
_ANSWER_SECONDS = 10.0

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Doing:
    """Hold what somebody does, at a minute of the script, about an incident of one of these causes or subjects."""

    minute: int
    about: tuple[str, ...] | None
    calls: Callable[[str, int], Iterator[tuple[str, Json]]]  # incident and moment (ms) -> paths and bodies


def doings(plan: Plan) -> tuple[Doing, ...]:
    """Return what people do in one day."""
    paper = plan.communes[0]

    def take(owner: str, minutes: int) -> Callable[[str, int], Iterator[tuple[str, Json]]]:
        def calls(incident: str, now: int) -> Iterator[tuple[str, Json]]:
            path = f"incidents/{incident}/acts"
            yield path, {"kind": "acknowledge"}
            yield path, {"kind": "own", "owner": owner}
            yield path, {"kind": "promise", "until": now + minutes * 60_000}

        return calls

    def to_paper(_incident: str, now: int) -> Iterator[tuple[str, Json]]:
        said = {"unit": paper, "reason": "Phần mềm một cửa treo, chuyển sang giấy", "groups": ["HT", "CT"]}
        yield "paper", {**said, "started_at": now}

    def note(incident: str, _now: int) -> Iterator[tuple[str, Json]]:
        yield f"incidents/{incident}/acts", {"kind": "note", "text": "Đã gọi nhà cung cấp, đang khởi động lại"}

    def phoned(_incident: str, now: int) -> Iterator[tuple[str, Json]]:
        for unit, category, text in (
            (plan.communes[-1], "scanner", "Máy quét không nhận giấy"),
            (plan.communes[len(plan.communes) // 2], "network", "Mạng chập chờn từ sáng"),
        ):
            yield "reports", {"unit": unit, "category": category, "symptom": "intermittent", "text": text, "at": now}

    return (
        Doing(60, ("provider", "provider_area", "line"), take("Tổ trực (trình diễn)", 45)),
        Doing(65, None, phoned),
        Doing(126, ("dossier",), take("Sở KH&CN (trình diễn)", 60)),
        Doing(128, None, to_paper),
        Doing(135, ("dossier",), note),
    )


@dataclass(slots=True, eq=False)
class _Waiting:
    at: int
    doing: Doing
    tries: int = 0


class People:
    """Do what is due, in a thread of its own; what cannot be done is left out."""

    def __init__(self, base: str, token: str, plan: Plan, clock: Clock) -> None:
        """Take where the pages are, and an API token."""
        self._base, self._token, self._clock = f"{base}/api/v1/", token, clock
        zero = round(plan.zero.timestamp() * 1000)
        day = round(timedelta(days=1).total_seconds() * 1000)
        due = [(zero + n * day + one.minute * 60_000, one) for n in range(plan.days) for one in doings(plan)]
        first = round(plan.at.timestamp() * 1000)
        is_new = clock.begin_ms == first
        self._due = [_Waiting(at, one) for at, one in due if is_new or at >= clock.begin_ms]
        self._stopped = threading.Event()
        self._count = 0

    def run(self) -> None:
        """Do until stopped."""
        while self._due and not self._stopped.wait(_LOOK_SECONDS):
            try:
                self._look(self._clock.now_ms())
            except (OSError, ValueError) as exc:
                logger.warning("the demonstration's people could not do something: %s", exc)

    def stop(self) -> None:
        """Make run return."""
        self._stopped.set()

    def _look(self, now: int) -> None:
        for waiting in [one for one in self._due if one.at <= now]:
            about = waiting.doing.about
            incident = None if about is None else self._incident(about)
            waiting.tries += 1
            if about is not None and incident is None and waiting.tries < _TRIES:
                continue  # not found yet
            self._due.remove(waiting)
            if about is None or incident is not None:
                for path, body in waiting.doing.calls(incident or "", waiting.at):
                    self._ask(path, body)

    def _incident(self, about: tuple[str, ...]) -> str | None:
        found = [
            one
            for one in self._ask("incidents")["incidents"]
            if (one["cause"] in about or one["subject"] in about) and one["ended_at"] is None
        ]
        found.sort(key=lambda one: len(str(one["units"])), reverse=True)
        return str(found[0]["id"]) if found else None

    def _ask(self, path: str, body: Json | None = None) -> dict[str, list[dict[str, object]]]:
        self._count += 1
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = f"demonstration-{self._clock.begin_ms}-{self._count}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, headers)  # noqa: S310 - our own pages
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=_ANSWER_SECONDS) as answer:
                found: dict[str, list[dict[str, object]]] = json.load(answer)
        except urllib.error.HTTPError as exc:
            raise ValueError(f"{path}: {exc.read(400)!r}") from exc
        return found
