"""What runs no agent has charts of its own, a computer's long charts have one value a day, and a word is no number."""

from __future__ import annotations

from datetime import UTC, datetime

from machxa_web import charts, rates
from machxa_web.device.charts import draw_device
from machxa_web.device.supplies import Supply, supplies_of
from machxa_web.languages import Unit
from machxa_web.reader import Metric, Newest, SeriesPoints

START, END = datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 11, 27, tzinfo=UTC)
AT = START.timestamp()
BODY = {
    "cartridges": [
        {"machxa_index": 1, "name": "Toner 057", "machxa_level": None},
        {"machxa_index": 2, "name": "Waste", "machxa_level": "some left"},
        "no row",
        {"machxa_index": 3, "type": "drum\u202e"},
    ]
}


def metric(*points: tuple[float, float], **labels: str) -> Metric:
    return Metric(series=(SeriesPoints(labels=labels, points=points),))


def test_a_printer_shows_its_supplies_by_name_and_pages_an_hour() -> None:
    told = {
        "machxa.printer.supply": metric((AT, 0.9), (AT + 3600, 0.8), supply="1"),
        "machxa.printer.pages": metric((AT, 100), (AT + 3600, 160)),
    }

    drawn = draw_device("printer", lambda name: told.get(name, Metric(series=())), (START, END), BODY)

    shown = {one.key: [(line.name, line.newest) for line in one.lines] for one in drawn.charts}
    assert shown == {"supply": [("Toner 057", 0.8)], "pages": [("", 60.0)], "up": [("", None)]}
    assert drawn.charts[1].unit is Unit.COUNT


def test_each_kind_has_its_charts_and_none_a_computers() -> None:
    keys = {
        kind: [one.key for one in draw_device(kind, lambda _: Metric(series=()), (START, END), {}).charts]
        for kind in ("ups", "router", "scanner")
    }

    assert keys == {"ups": ["power", "left", "up"], "router": ["network", "work", "ports", "up"], "scanner": ["up"]}


def test_a_supply_without_a_share_has_a_word_never_a_number() -> None:
    newest = [
        Newest(name="machxa.printer.supply", labels={"supply": "1"}, value=0.15),
        Newest(name="machxa.printer.supply", labels={"supply": "9"}, value=0.5),
        Newest(name="machxa.printer.pages", value=7),
    ]

    assert supplies_of(BODY, newest) == (
        Supply(name="Toner 057", ratio=0.15, level="not_said"),
        Supply(name="Waste", ratio=None, level="some left"),
        Supply(name="drum\ufffd", ratio=None, level="not_said"),
        Supply(name="9", ratio=0.5, level="not_said"),
    )
    assert supplies_of({"cartridges": "x"}, ()) == ()


def test_a_day_of_viet_nam_has_one_value_at_its_noon_and_a_day_without_readings_none() -> None:
    night = AT - 7 * 3600  # midnight in Viet Nam
    readings = {night: 0.2, night + 3600: 0.4, night + 86_399: None, night + 2 * 86_400: 1.0}

    assert {at - night: round(value or 0, 6) for at, value in rates.by_day(readings).items()} == {
        43_200: 0.3,
        216_000: 1.0,
    }


def test_long_spans_of_a_computer_are_by_the_day_and_tell_no_hour() -> None:
    used = {at: 4.0 + at % 7 for at in range(int(AT), int(AT) + 10 * 86_400, 3600)}
    series = {"system.memory.usage": metric(*used.items(), **{"system.memory.state": "used"})}

    drawn = charts.draw(lambda name: series.get(name, Metric(series=())), START, END, None, by_day=True)

    times = drawn.charts[1].times
    assert len(times) == 11
    assert {(time + 7 * 3600) % 86_400 for time in times} == {43_200}
    assert [span.word for span in charts.Span if span.is_long] == ["7d", "30d", "90d"]
