"""A printer's state is told from what CUPS or the spooler says, and never a job's name or owner."""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path

import pytest

from machxa_agent.equipment import cups, spooler
from machxa_agent.equipment.condition import Condition, key_of
from machxa_agent.equipment.printers import Queue, condition, samples, word_of_reason
from machxa_agent.ipp.message import NotIpp, decode_many
from machxa_agent.probes.printers import printers_probe
from machxa_wire.records import Sample, Series

RECORDINGS = Path(__file__).parents[2] / "recordings" / "host"
CUPS = RECORDINGS / "cups-2.4"
USB = "usb:e70e8ea7"
CREATED = 1795986931  # time-at-creation of the recorded job


def of_cups(name: str, jobs: str, now: int) -> list[Condition]:
    """Return how the recorded printers are."""
    _, printers = decode_many((CUPS / name).read_bytes(), 0x04)
    _, waiting = decode_many((CUPS / jobs).read_bytes(), 0x02)
    counts = [waiting if printer["queued-job-count"] == (1,) else () for printer in printers]
    return [condition(cups.queue(printer, told, now)) for printer, told in zip(printers, counts)]


def of_spooler(system: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return how the printers of a recorded Windows are: model, state, reasons."""
    rows = json.loads((RECORDINGS / system / "spooler.json").read_text("utf-8"))
    printers = tuple(
        spooler.SpooledPrinter(**{**row, "jobs": tuple(spooler.SpooledJob(**job) for job in row["jobs"])})
        for row in rows
    )
    return [(one.model, one.state, one.reasons) for one in map(condition, spooler.queues(printers))]


def test_cups_tells_a_paused_printer_and_one_at_rest() -> None:
    assert of_cups("paused.ipp", "jobs.ipp", CREATED + 60) == [
        Condition("queue:ee895f1e", "printer", "Local Raw Printer", "ok"),
        Condition(USB, "printer", "Local Raw Printer", "blocked", ("paused",)),
    ]


@pytest.mark.parametrize(
    ("age", "state", "reasons"),
    [
        (300, "ok", ()),
        (301, "warning", ("jobs_stuck",)),
        (900, "warning", ("jobs_stuck",)),
        (901, "blocked", ("jobs_stuck",)),
        (-5, "ok", ()),
    ],
)
def test_an_unplugged_printer_that_cups_calls_processing_is_blocked_in_the_end(
    age: int, state: str, reasons: tuple[str, ...]
) -> None:
    told = of_cups("processing.ipp", "jobs-processing.ipp", CREATED + age)[1]

    assert (told.state, told.reasons) == (state, reasons)


def test_a_job_that_waits_at_a_printer_that_does_not_print_is_stuck_after_five_minutes() -> None:
    queue = Queue("usb:1", "LBP2900", (), (301, 20))

    assert condition(queue) == Condition("usb:1", "printer", "LBP2900", "blocked", ("jobs_stuck",))
    assert samples([queue]) == (
        Sample(Series("machxa.printer.jobs", (("hw.id", "usb:1"), ("machxa.job.state", "waiting"))), 2),
        Sample(Series("machxa.printer.jobs", (("hw.id", "usb:1"), ("machxa.job.state", "stuck"))), 1),
    )


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("none", None),
        ("media-jam-error", "jam"),
        ("media-empty", "no_paper"),
        ("media-low-warning", "paper_low"),
        ("marker-supply-low-warning", "toner_low"),
        ("toner-empty-error", "toner_empty"),
        ("toner-low-report", None),
        ("offline-report", "offline"),
        ("cups-missing-filter-warning", "driver"),
        ("com.example.odd-error", None),
    ],
)
def test_reasons_become_fixed_words(reason: str, word: str | None) -> None:
    assert word_of_reason(reason) == word


def test_windows_10_tells_jobs_that_wait_for_a_printer_that_works_offline_and_a_jam() -> None:
    assert of_spooler("windows-10") == [
        ("Canon LBP2900", "blocked", ("error", "jobs_stuck", "offline")),
        ("HP Universal Printing PCL 6", "blocked", ("jam",)),
    ]


def test_windows_7_tells_a_long_print_and_a_printer_that_is_off_and_counts_no_printed_job() -> None:
    assert of_spooler("windows-7") == [
        ("Brother HL-L2321D series", "warning", ("jobs_stuck",)),
        ("HP LaserJet 1020", "blocked", ("offline",)),
    ]


def test_a_probe_tells_each_printer_once_and_again_when_it_turns() -> None:
    found = [(Queue("usb:1", "LBP2900", (), ()),), (Queue("usb:1", "LBP2900", ("no_paper",), ()),)] * 1
    looks = iter([found[0], found[0], found[1], ()])
    probe = printers_probe(lambda: next(looks))
    assert probe.turned is not None

    told = []
    for _ in range(4):
        probe.read()
        told.append([(one.name, dict(one.attributes)) for one in probe.turned()])

    first = {"device": "usb:1", "kind": "printer", "model": "LBP2900", "state": "ok", "reasons": "", "was": "unknown"}
    assert told == [
        [("device.state", first)],
        [],
        [("device.state", {**first, "state": "blocked", "reasons": "no_paper", "was": "ok"})],
        [],
    ]


def test_a_key_holds_no_name() -> None:
    assert key_of("queue", "Phòng bà Lan") == key_of("queue", "Phòng bà Lan")
    assert len(key_of("queue", "Phòng bà Lan")) == len("queue:") + 8


def test_cups_is_not_asked_where_no_printer_is_set_up(tmp_path: Path) -> None:
    assert cups.queues(str(tmp_path)) == ()


def test_cups_is_asked_on_its_socket_for_no_name_of_a_job(tmp_path: Path) -> None:
    (tmp_path / "etc/cups").mkdir(parents=True)
    (tmp_path / "etc/cups/printers.conf").touch()
    (tmp_path / "run/cups").mkdir(parents=True)
    here = Path.cwd()
    os.chdir(tmp_path)  # a socket's path is short
    try:
        heard: list[bytes] = []
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("run/cups/cups.sock")
            listener.listen()
            server = threading.Thread(target=_answer, args=(listener, heard))
            server.start()
            found = cups.queues(".")
            server.join(10)
    finally:
        os.chdir(here)

    assert [(one.key, one.words, len(one.ages)) for one in found] == [
        ("queue:ee895f1e", (), 0),
        (USB, ("paused",), 1),
    ]
    assert b"ipp://localhost/printers/Phong_MotCua" in heard[1]
    assert not any(word in b"".join(heard) for word in (b"job-name", b"user", b"document"))


def test_a_broken_answer_is_refused() -> None:
    raw = (CUPS / "paused.ipp").read_bytes()

    with pytest.raises(NotIpp):
        decode_many(raw[:-40], 0x04)


def _answer(listener: socket.socket, heard: list[bytes]) -> None:
    for name in ("paused.ipp", "jobs.ipp"):
        line, _ = listener.accept()
        with line:
            heard.append(line.recv(65536))
            body = (CUPS / name).read_bytes()
            line.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
