"""Write what devices said last in Prometheus' text format, under the names that sinks give it. Pure.

Source: prometheus.io, "Exposition formats". A value has no time of its own: Prometheus would take one that is minutes
old for a gap. How old it is stands beside it in ``machxa_device_sample_timestamp_seconds``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from machxa_collector.sinks.lines import MEASUREMENT
from machxa_collector.store.asset_samples import DEVICE
from machxa_collector.store.scraped import Measuring, Told

_Labels = dict[str, str]
_HELP = {
    "machxa_device_info": "1: what a device is; joined on agent and device.",
    "machxa_device_on": "1: the device's agent is here, 0: it said good-bye or fell silent.",
    "machxa_device_sample_timestamp_seconds": "When the newest value of an agent was measured, since 1970 UTC.",
}


def exposition(shown: Sequence[Measuring], told: Mapping[int, Told], since_ms: int) -> bytes:
    """Return the text: of each agent's device what it measured there, of each watched device what was asked of it.

    What was measured before since_ms is left out: a device that is off has no value.
    """
    families: dict[str, Metric] = {}
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for one in shown:
        for name, labels, value in _samples(one, told.get(one.agent_pk), since_ms):
            key = name, tuple(sorted(labels.items()))
            if key not in seen:  # labels that differ in signs which Prometheus does not take
                seen.add(key)
                text = _HELP.get(name, "In the metric's own unit.")
                kind = "gauge" if name in _HELP else "unknown"
                families.setdefault(name, Metric(name, text, kind)).add_sample(name, labels, value)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Made([families[name] for name in sorted(families)]))
    return generate_latest(registry)


def _samples(one: Measuring, told: Told | None, since_ms: int) -> Iterator[tuple[str, _Labels, float]]:
    where = {"agent": one.agent, "unit": one.unit, "role": one.role}
    named = where | ({DEVICE: one.device} if one.device else {})
    what = {"asset": one.asset, "name": one.name, "kind": one.kind, "vendor": one.vendor, "model": one.model}
    yield "machxa_device_info", _said(named | what), 1
    if one.presence is not None:
        yield "machxa_device_on", _said(named), float(one.presence == "on")
    own = [
        (name, labels, at, value)
        for (name, labels), (at, value) in (told.values.items() if told is not None else ())
        if at >= since_ms and dict(labels).get(DEVICE, "") == one.device
    ]
    if own:
        yield "machxa_device_sample_timestamp_seconds", _said(named), max(at for _, _, at, _ in own) / 1000
    for name, labels, _, value in own:
        yield f"{MEASUREMENT}_{_plain(name)}", _said({_plain(key): text for key, text in labels} | where), float(value)


def _plain(name: str) -> str:
    return name.replace(".", "_")


def _said(labels: _Labels) -> _Labels:
    return {name: value for name, value in labels.items() if value}


class _Made(Collector):
    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)
