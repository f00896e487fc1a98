"""Make the charts of what runs no agent: printers, UPSes, routers and switches, as a gateway measures them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from machxa_web import rates
from machxa_web.charts import MOST_LINES, Chart, Drawn, Readings, chart_of, thinned
from machxa_web.languages import Unit, msg
from machxa_web.plain import plain
from machxa_web.reader import Metric, SeriesPoints

COMPUTERS = frozenset({"pc", "computer", "laptop", "tablet", "server"})
PRINTERS = frozenset({"printer", "multifunction", "copier"})
NETWORK = frozenset({"router", "switch", "access_point", "firewall", "modem"})
_HOUR, _BITS, _MINUTE = 3600, 8, 60

Read = Callable[[str], Metric]
Window = tuple[float, float]


def draw_device(kind: str, read: Read, window: tuple[datetime, datetime], body: Mapping[str, object]) -> Drawn:
    """Return the charts of a device of a kind; body, its facts, names its supplies."""
    span = (window[0].timestamp(), window[1].timestamp())
    if kind in PRINTERS:
        charts = _printer(read, span, supply_names(body))
    elif kind == "ups":
        charts = _ups(read, span)
    elif kind in NETWORK:
        charts = _network(read, span)
    else:
        charts = ()
    lines = [(msg("answers"), "", _only(read("machxa.device.up")))]
    return Drawn(charts=(*charts, chart_of("up", msg("Does it answer?"), Unit.RATIO, span, lines, 1)), volumes=())


def supply_names(body: Mapping[str, object]) -> Mapping[str, str]:
    """Return the names of supplies by the index that readings carry."""
    rows = body.get("cartridges")
    found: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("machxa_index") is not None:
            found[str(row["machxa_index"])] = plain(str(row.get("name") or row.get("type") or ""), 40)
    return found


def _printer(read: Read, span: Window, names: Mapping[str, str]) -> tuple[Chart, ...]:
    levels = [
        (msg("left"), names.get(label, label) or label, readings)
        for label, readings in _by(read("machxa.printer.supply").series, "supply").items()
    ]
    pages = {at: None if one is None else one * _HOUR for at, one in _rate(read("machxa.printer.pages")).items()}
    return (
        chart_of("supply", msg("Toner, ink left"), Unit.RATIO, span, levels[:MOST_LINES], 1),
        chart_of("pages", msg("Pages an hour"), Unit.COUNT, span, [(msg("printed"), "", pages)], None),
    )


def _ups(read: Read, span: Window) -> tuple[Chart, ...]:
    seconds = _only(read("hw.battery.time_left"))
    minutes = {at: None if one is None else one / _MINUTE for at, one in seconds.items()}
    power = [
        (msg("charge"), "", _only(read("hw.battery.charge"))),
        (msg("load"), "", _only(read("machxa.ups.load"))),
    ]
    return (
        chart_of("power", msg("Battery"), Unit.RATIO, span, power, 1),
        chart_of("left", msg("Minutes on battery"), Unit.COUNT, span, [(msg("left"), "", minutes)], None),
    )


def _network(read: Read, span: Window) -> tuple[Chart, ...]:
    io = read("machxa.device.io").series
    flows = []
    for value, word in (("receive", msg("received")), ("transmit", msg("sent"))):
        its = [one for one in io if one.labels.get("network.io.direction") == value]
        grown = rates.added([rates.rate(rates.latest(thinned(one.points))) for one in its])
        flows.append((word, "", {at: None if one is None else one * _BITS for at, one in grown.items()}))
    work = [
        (msg("Processor"), "", _only(read("machxa.device.cpu"))),
        (msg("Memory"), "", _only(read("machxa.device.memory"))),
    ]
    ports = [(msg("connected"), "", _only(read("machxa.device.ports.up")))]
    return (
        chart_of("network", msg("Network"), Unit.BITS_PER_SECOND, span, flows, None),
        chart_of("work", msg("Processor and memory"), Unit.RATIO, span, work, 1),
        chart_of("ports", msg("Ports"), Unit.COUNT, span, ports, None),
    )


def _by(series: Iterable[SeriesPoints], label: str) -> dict[str, Readings]:
    return {one.labels.get(label, ""): rates.mean(thinned(one.points)) for one in series}


def _only(metric: Metric) -> Readings:
    return next((rates.mean(thinned(one.points)) for one in metric.series), {})


def _rate(metric: Metric) -> Readings:
    return next((rates.rate(rates.latest(thinned(one.points))) for one in metric.series), {})
