"""The running gateway tells what is new of its devices, once, and what they measured, each device for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from machxa_agent.devices.asking import Answered
from machxa_agent.devices.entry import Entry
from machxa_agent.devices.watch import Locked, Watch
from machxa_agent.snmp.device import Device
from machxa_agent.snmp.health import Health
from machxa_agent.snmp.identity import Identity
from machxa_agent.snmp.printer import Counter, Printer
from machxa_agent.snmp.profiles import DeviceKind
from machxa_wire.records import Sample, Scalar, Series

QUIET = Health(None, None, (), None, None, (), ())
IN, UPS = Entry("in", "192.168.1.20"), Entry("ups", "192.168.1.30")


def printer(pages: int, *errors: str, serial: str = "NTKA1") -> Answered:
    """Return what a printer answers."""
    state = Printer(None, None, errors, (), (), Counter(pages, "impressions", is_pages=True), (), ())
    identity = Identity(DeviceKind.PRINTER, "Canon", "LBP", serial, None, None, None)
    return Answered(Device(identity, state, None, QUIET, (), (), ()), "snmp")


class Stage:
    """Let devices answer as a test says, at the time a test says."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.answers: dict[str, Answered | Exception | None] = {}
        self.asked: list[tuple[str, bool]] = []
        self.events: list[Mapping[str, Scalar]] = []
        self.facts: list[tuple[str, object]] = []
        self.watch = Watch(
            self._ask,
            lambda name, attributes: self.events.append({"name": name, **attributes}),
            lambda key, body: self.facts.append((key, body)),
            clock=lambda: self.seconds,
            spawn=self._now,
        )

    def at(self, seconds: float, answer: Answered | Exception | None, key: str = "in") -> tuple[Sample, ...]:
        """Let a device answer so from now on, poll what is due, and return what was measured."""
        self.seconds, self.answers[key] = seconds, answer
        self.watch.look()
        return self.watch.samples()

    def told(self) -> list[tuple[object, object, object]]:
        """Return state, reasons and former state of the events."""
        return [(one["state"], one["reasons"], one["was"]) for one in self.events]

    def _ask(self, entry: Entry, known: DeviceKind | None, *, snmp_first: bool) -> Answered | None:  # noqa: ARG002 - as asked
        self.asked.append((entry.key, snmp_first))
        answer = self.answers.get(entry.key)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @staticmethod
    def _now(work: Callable[[], None], _name: str) -> None:
        work()


def test_the_first_state_and_each_other_one_are_told_once() -> None:
    stage = Stage()
    stage.watch.watch((IN,))

    for number, errors in enumerate([(), (), ("jammed",), ("jammed",), ()]):
        stage.at(number * 300.0, printer(7, *errors))

    assert stage.told() == [("ok", "", None), ("blocked", "jam", "ok"), ("ok", "", "blocked")]
    assert stage.events[0]["name"] == "device.state"
    assert stage.events[0]["device"] == "in"


def test_what_was_measured_is_handed_over_once_with_the_device_s_key() -> None:
    stage = Stage()
    stage.watch.watch((IN,))

    first = stage.at(0.0, printer(7))

    label = (("device", "in"),)
    assert first == (Sample(Series("machxa.device.up", label), 1), Sample(Series("machxa.printer.pages", label), 7))
    assert stage.watch.samples() == ()


def test_one_answer_that_does_not_come_is_asked_again_after_a_minute_and_two_are_told() -> None:
    stage = Stage()
    stage.watch.watch((IN,))
    stage.at(0.0, printer(7))

    assert stage.at(300.0, None) == ()
    assert stage.at(330.0, None) == ()
    assert stage.at(361.0, None) == (Sample(Series("machxa.device.up", (("device", "in"),)), 0),)
    stage.at(600.0, printer(8))

    assert stage.told() == [("ok", "", None), ("unreachable", "no_answer", "ok"), ("ok", "", "unreachable")]
    assert len(stage.asked) == 4


def test_facts_are_told_on_change_and_once_a_day() -> None:
    stage = Stage()
    stage.watch.watch((IN,))

    for seconds, serial in ((0.0, "A1"), (300.0, "A1"), (600.0, "B2"), (900.0, "B2"), (87_300.0, "B2")):
        stage.at(seconds, printer(7, serial=serial))

    assert [key for key, _ in stage.facts] == ["in"] * 3


def test_credentials_that_cannot_be_opened_are_a_state_and_no_question() -> None:
    stage = Stage()
    stage.watch.watch((IN,))

    stage.at(0.0, Locked())
    stage.at(300.0, Locked())

    assert stage.told() == [("unknown", "no_credential", None)]


def test_a_device_that_breaks_its_poll_takes_nothing_from_another() -> None:
    stage = Stage()
    stage.watch.watch((IN, UPS))
    stage.at(0.0, RuntimeError("hostile"), "in")

    stage.at(150.0, printer(3), "ups")
    stage.at(300.0, printer(7), "in")

    assert [one["device"] for one in stage.events] == ["ups", "in"]


def test_what_is_taken_off_the_list_is_asked_no_more_and_what_stays_is_known_still() -> None:
    stage = Stage()
    stage.watch.watch((IN, UPS))
    stage.at(0.0, printer(7))

    stage.watch.watch((IN,))
    stage.at(600.0, printer(8))

    assert stage.told() == [("ok", "", None)]
    assert {key for key, _ in stage.asked} == {"in"}


def test_a_printer_that_answers_ipp_alone_is_asked_over_snmp_once_an_hour() -> None:
    stage = Stage()
    stage.watch.watch((IN,))
    over_ipp = Answered(printer(7).device, "ipp")

    for number in range(13):
        stage.at(number * 300.0, over_ipp)

    assert [number for number, (_, snmp_first) in enumerate(stage.asked) if snmp_first] == [0, 11]
