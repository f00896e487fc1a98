from __future__ import annotations

from datetime import UTC, datetime, timedelta

from machxa_web.charts import MOST_POINTS, Chart, Span, draw
from machxa_web.reader import Metric, SeriesPoints

NOW = datetime(2026, 11, 24, 7, 5, 52, tzinfo=UTC)
START, END = Span.HOUR.window(NOW)
AT = START.timestamp()


def charts_of(metrics: dict[str, Metric]) -> dict[str, Chart]:
    drawn = draw(lambda name: metrics.get(name, Metric()), START, END, None)
    return {chart.key: chart for chart in drawn.charts}


def series(labels: dict[str, str], *values: float | None) -> SeriesPoints:
    return SeriesPoints(labels=labels, points=tuple((AT + 60 * index, value) for index, value in enumerate(values)))


def test_a_window_covers_the_span_and_moves_every_five_minutes_only() -> None:
    expected = (datetime(2026, 11, 24, 6, 5, tzinfo=UTC), datetime(2026, 11, 24, 7, 10, tzinfo=UTC))

    assert [Span.HOUR.window(NOW + timedelta(minutes=passed)) for passed in (0, 4)] == [expected, expected]


def test_an_unknown_range_is_the_hour() -> None:
    assert [Span.of(word) for word in ("24h", "1h", "", "9y")] == [Span.DAY, Span.HOUR, Span.HOUR, Span.HOUR]


def test_nothing_measured_draws_nothing_and_invents_nothing() -> None:
    charts = charts_of({})

    assert [(chart.times, [line.newest for line in chart.lines]) for chart in charts.values()] == [
        ((), [None]),
        ((), [None]),
        ((), []),
        ((), [None, None]),
        ((), [None, None]),
    ]


def test_network_bytes_of_all_interfaces_become_bits_per_second() -> None:
    name, way = "network.interface.name", "network.io.direction"
    metric = Metric(
        series=(
            series({name: "eth0", way: "receive"}, 0, 6000),
            series({name: "wlan0", way: "receive"}, 0, 1500),
            series({name: "eth0", way: "transmit"}, 0, 600),
        )
    )

    lines = charts_of({"system.network.io": metric})["network"].lines

    assert [(line.word, line.newest) for line in lines] == [("received", 1000), ("sent", 80)]


def test_each_file_system_has_its_used_share() -> None:
    mount, state = "system.filesystem.mountpoint", "system.filesystem.state"
    metric = Metric(
        series=(
            series({mount: "/", state: "used"}, 30, 40),
            series({mount: "/", state: "free"}, 70, 60),
            series({mount: "/srv", state: "used"}, None, None),
            series({mount: "/srv", state: "free"}, None, None),
        )
    )

    drawn = draw(lambda name: metric if name == "system.filesystem.usage" else Metric(), START, END, None)

    assert [(one.name, one.used_ratio) for one in drawn.volumes] == [("/", 0.4)]


def test_more_readings_than_a_screen_shows_are_thinned() -> None:
    labels = {"system.memory.state": "used"}
    points = tuple((AT + index, float(index)) for index in range(3600))

    chart = charts_of({"system.memory.usage": Metric(series=(SeriesPoints(labels=labels, points=points),))})["memory"]

    assert len(chart.times) <= MOST_POINTS
    assert chart.times[1] - chart.times[0] == 12


def test_charts_begin_with_the_first_reading_of_a_young_computer() -> None:
    labels = {"system.memory.state": "used"}
    points = tuple((END.timestamp() - 1200 + 60 * index, 1.0) for index in range(10))

    chart = charts_of({"system.memory.usage": Metric(series=(SeriesPoints(labels=labels, points=points),))})["memory"]

    assert (chart.start, chart.end) == (END.timestamp() - 1200, END.timestamp())
