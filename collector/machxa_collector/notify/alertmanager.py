"""Write notices as Alertmanager's webhook does, version 4, so that its receivers take them. Pure.

Source: prometheus.io/docs/alerting/latest/configuration, webhook_config. What still fires ends at the zero time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2s

from machxa_collector.notify.happening import Kind
from machxa_collector.notify.text import Line, NameOf, single

MOST_ALERTS = 40
_OPEN = "0001-01-01T00:00:00Z"
_ALERT = "MachXaIncident"
_LAST_MS = 253_402_300_800_000  # no calendar has the year 10000
Json = dict[str, object]


def alert(line: Line, name_of: NameOf, base: str, tongue: int) -> Json:
    """Return one incident as an alert; its fingerprint stays the same from its start to its end."""
    happening, one = line.happening, line.happening.incident
    said = single(line, name_of, base, tongue)
    is_over = happening.kind is Kind.ENDED or one.ended_at is not None
    units = one.units[:20]
    labels = {
        "alertname": _ALERT,
        "incident": one.id,
        "severity": one.severity.name,
        "cause": (happening.handling.overruled or one.cause).value,
        "layer": one.layer.value,
        "state": one.state[:60],
        "subject": one.subject[:100],
        "units": ",".join(units),
    }
    return {
        "status": "resolved" if is_over else "firing",
        "labels": labels,
        "annotations": {"summary": said.subject, "description": said.text, "told": happening.key},
        "startsAt": _moment(one.started_at),
        "endsAt": _moment(one.ended_at) if is_over and one.ended_at is not None else _OPEN,
        "generatorURL": f"{base}/incidents/{one.id}",
        "fingerprint": fingerprint(one.id),
    }


def payload(receiver: str, alerts: Sequence[Json], left_out: int, base: str) -> Json:
    """Return the whole body; it fires while any of its alerts does."""
    status = "firing" if any(one["status"] == "firing" for one in alerts) else "resolved"
    return {
        "version": "4",
        "groupKey": group_key(alerts),
        "truncatedAlerts": left_out,
        "status": status,
        "receiver": receiver,
        "groupLabels": {"alertname": _ALERT},
        "commonLabels": _common(alerts, "labels"),
        "commonAnnotations": _common(alerts, "annotations"),
        "externalURL": base,
        "alerts": list(alerts),
    }


def test_alert(channel: str, text: str, base: str, now: int) -> Json:
    """Return an alert that says that nothing is wrong."""
    return {
        "status": "resolved",
        "labels": {"alertname": "MachXaTest", "severity": "P4", "channel": channel},
        "annotations": {"summary": text, "description": text},
        "startsAt": _moment(now),
        "endsAt": _moment(now),
        "generatorURL": f"{base}/notices",
        "fingerprint": fingerprint(f"test/{channel}"),
    }


def report_alert(key: str, subject: str, text: str, base: str, at: datetime) -> Json:
    """Return an alert that brings a report: nothing is wrong."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "status": "resolved",
        "labels": {"alertname": "MachXaReport", "severity": "P4"},
        "annotations": {"summary": subject, "description": text},
        "startsAt": moment,
        "endsAt": moment,
        "generatorURL": f"{base}/outputs",
        "fingerprint": fingerprint(key),
    }


def group_key(alerts: Sequence[Json]) -> str:
    """Return what receivers know a group by: the incident's where it is one, else all of ours."""
    prints = {str(one["fingerprint"]) for one in alerts}
    own = f', fingerprint="{prints.pop()}"' if len(prints) == 1 else ""
    return f'{{}}:{{alertname="{_ALERT}"{own}}}'


def fingerprint(name: str) -> str:
    """Return 16 hex digits that name an alert."""
    return blake2s(name.encode(), digest_size=8).hexdigest()


def _common(alerts: Sequence[Json], name: str) -> Json:
    tables = [one[name] for one in alerts]
    first = tables[0] if tables else {}
    if not isinstance(first, Mapping):
        return {}
    rest = [one for one in tables[1:] if isinstance(one, Mapping)]
    return {key: value for key, value in first.items() if all(one.get(key) == value for one in rest)}


def _moment(at: int) -> str:
    if not 0 <= at < _LAST_MS:
        return _OPEN
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
