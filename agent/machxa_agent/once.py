"""Show one reading of this computer: what ``machxa-agent once`` prints, as JSON or as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Dict, List, Mapping, Optional, Tuple, Union

from machxa_agent.facts import gather
from machxa_agent.probes.probe import Probe
from machxa_agent.runner import ProbeRunner
from machxa_wire.records import Sample, Series

Number = Union[int, float]
Shown = Dict[str, object]
_DEADLINE_SECONDS = 60.0  # people wait for the slow probes, too


def reading(probes: Tuple[Probe, ...], software: Optional[Tuple[str, ...]] = None) -> Dict[str, object]:
    """Return time, samples and facts of this moment, ready for json.dumps; values are in the metric's own unit.

    A value of None was not measured this time. With probes that count CPU time since boot this is one point of
    a counter, no rate.
    """
    at_once = tuple(replace(probe, every=1, after=0, is_slow=False) for probe in probes)
    runner = ProbeRunner(at_once, deadline_seconds=_DEADLINE_SECONDS)
    samples = runner.cycle()
    runner.close()
    now = datetime.now(timezone.utc)
    return {
        "time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "samples": [shown(sample) for sample in samples],
        "facts": gather(software),
    }


def shown(sample: Sample) -> Shown:
    """Return a sample as a JSON object, its value in the metric's own unit."""
    body: Shown = {"name": sample.series.name, "labels": dict(sample.series.labels), "value": value_of(sample)}
    unit = UNITS.get(sample.series.name)
    return body if unit is None else dict(body, unit=unit)


def value_of(sample: Sample) -> Optional[Number]:
    """Return a sample's value in the metric's own unit: a whole number where it is one."""
    if sample.value is None:
        return None
    series: Series = sample.series
    whole = sample.value * series.multiplier
    return whole // series.divisor if whole % series.divisor == 0 else whole / series.divisor


def text(whole: Mapping[str, object]) -> str:
    """Return a reading as a table for people: samples, then facts."""
    lines = ["at {}".format(whole["time"]), ""]
    samples = whole["samples"]
    if isinstance(samples, list):
        lines += _table([_cells(one) for one in samples])
    lines.append("")
    lines += _outline(whole["facts"], 0)
    return "\n".join(lines) + "\n"


def _cells(sample: Mapping[str, object]) -> Tuple[str, str, str]:
    labels = sample["labels"]
    named = ", ".join("{}={}".format(*pair) for pair in labels.items()) if isinstance(labels, dict) else ""
    value = "-" if sample["value"] is None else str(sample["value"])
    return (str(sample["name"]), named, "{} {}".format(value, sample.get("unit", "")).rstrip())


def _table(rows: List[Tuple[str, str, str]]) -> List[str]:
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    return ["{:<{}}  {:<{}}  {}".format(row[0], widths[0], row[1], widths[1], row[2]).rstrip() for row in rows]


def _outline(node: object, depth: int) -> List[str]:
    """Return nested facts as indented lines."""
    pad = "  " * depth
    if isinstance(node, dict):
        entries = [(str(key) + ":", one) for key, one in node.items()]
    elif isinstance(node, list):
        entries = [("-", one) for one in node]
    else:
        return [pad + str(node)]
    lines: List[str] = []
    for head, one in entries:
        if isinstance(one, (dict, list)):
            lines += [pad + head, *_outline(one, depth + 1)]
        else:
            lines.append(f"{pad}{head} {one}")
    return lines


# UCUM, as the semantic conventions give them.
UNITS = {
    "hw.battery.charge": "1",
    "hw.battery.time_left": "s",
    "hw.network.bandwidth.limit": "By/s",
    "hw.network.up": "1",
    "hw.physical_disk.endurance_utilization": "1",
    "hw.physical_disk.smart": "1",
    "hw.status": "1",
    "hw.temperature": "Cel",
    "machxa.agent.sent": "By",
    "machxa.anchor.jitter": "s",
    "machxa.anchor.loss": "1",
    "machxa.anchor.rtt": "s",
    "machxa.boot.duration": "s",
    "machxa.certificate.days_left": "d",
    "machxa.clock.offset": "s",
    "machxa.cpu.throttle.count": "{event}",
    "machxa.cpu.throttle.time": "s",
    "machxa.crash.count": "{crash}",
    "machxa.device.count": "{device}",
    "machxa.network.carrier.changes": "{change}",
    "machxa.network.full_duplex": "1",
    "machxa.network.wireless.rate": "By/s",
    "machxa.network.wireless.signal": "dB[mW]",
    "machxa.pressure.stall_time": "s",
    "machxa.printer.jobs": "{job}",
    "machxa.probe.duration": "s",
    "machxa.probe.success": "1",
    "machxa.service.restarts": "{restart}",
    "machxa.service.up": "1",
    "machxa.slow.time": "s",
    "machxa.ups.load": "1",
    "process.cpu.time": "s",
    "process.memory.usage": "By",
    "system.cpu.time": "s",
    "system.disk.io": "By",
    "system.disk.io_time": "s",
    "system.disk.operation_time": "s",
    "system.disk.operations": "{operation}",
    "system.filesystem.usage": "By",
    "system.linux.memory.available": "By",
    "system.memory.limit": "By",
    "system.memory.usage": "By",
    "system.network.errors": "{error}",
    "system.network.io": "By",
    "system.network.packet.dropped": "{packet}",
    "system.paging.operations": "{operation}",
    "system.paging.usage": "By",
    "system.uptime": "s",
}
