"""Who is killed between sending and marking sends again, so that the other side can tell it is the same; and whole."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from machxa_collector.notify.driver import Notifier
from machxa_collector.notify.meters import NotifyMeters
from tests.collector.notify.centre import SEALS, Centre
from tests.collector.notify.incidents import incident
from tests.collector.notify.servers import HERE, receiver

SEND_ONE = """
import sys
from prometheus_client import CollectorRegistry
from machxa_collector.notify.delivery import Delivery
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.engine import connect
from machxa_collector.notify.ways import sending
from tests.collector.notify.servers import HERE
store, now = connect(sys.argv[1]), int(sys.argv[2])
send = lambda settings, letter: sending.send(settings, letter, HERE)
Delivery(store, Keyring((b"s" * 32,)), lambda: now, NotifyMeters(CollectorRegistry()), send).one("sms")
"""


@pytest.mark.faults
def test_a_kill_between_send_and_mark_sends_again_under_the_same_names(centre: Centre) -> None:
    with receiver() as told:
        centre.channel("sms", "webhook", {"url": told.url}, {"scope": "nation"})
        centre.note(incident())
        centre.composer.turn(centre.now)
        path = str(centre.store.url.database)

        def send_one(now: int, crash: str) -> int:
            environment = {**os.environ, "MACHXA_CRASH": crash, "PYTHONPATH": os.pathsep.join(sys.path)}
            command = (sys.executable, "-c", SEND_ONE, path, str(now))
            return subprocess.run(command, env=environment, check=False, timeout=60).returncode

        killed = send_one(centre.now, "after_send_before_mark")
        [waiting] = centre.mine("channel/sms")
        again = send_one(centre.now + 60_000, "")

    [sent] = centre.mine("channel/sms")
    assert (killed, again) == (-9, 0)
    assert [(waiting.state, waiting.tries), (sent.state, sent.tries)] == [("waiting", 1), ("sent", 2)]
    (first, one), (second, other) = told.got
    assert first["Idempotency-Key"] == second["Idempotency-Key"]
    assert one == other


def test_the_thread_tells_by_real_channels_and_one_that_hangs_holds_up_no_other(centre: Centre) -> None:
    hangs, done = threading.Event(), threading.Event()

    with receiver() as told:
        centre.channel("slow", "webhook", {"url": "http://127.0.0.1:9/"}, {"scope": "nation"})
        centre.channel("sms", "webhook", {"url": told.url}, {"scope": "nation"})
        from machxa_collector.notify.ways import sending  # noqa: PLC0415 - beside what stands for the slow one

        def send(settings: object, letter: object) -> None:
            if settings.url != told.url:  # type: ignore[attr-defined] # both are webhooks
                hangs.wait(30)
                return
            sending.send(settings, letter, HERE)  # type: ignore[arg-type]
            done.set()

        meters = NotifyMeters(centre.registry.__class__())
        notifier = Notifier(centre.store, lambda: centre.known, SEALS, lambda: centre.now, meters, send)
        centre.note(incident())
        thread = threading.Thread(target=notifier.run)
        thread.start()
        try:
            assert done.wait(20)
        finally:
            hangs.set()
            notifier.stop()
            thread.join(20)

    assert len(told.got) == 1
    assert not thread.is_alive()


@pytest.mark.parametrize("fault", [RuntimeError("a defect"), KeyError("another")])
def test_a_defect_in_a_channel_is_counted_and_counts_as_its_failure(centre: Centre, fault: Exception) -> None:
    def send(_settings: object, _letter: object) -> None:
        raise fault

    centre.send = send
    centre.channel("sms", "webhook", {"url": "https://sms.example.vn/"}, {"scope": "nation"})
    centre.note(incident())
    centre.composer.turn(centre.now)
    centre.delivery.drain("sms")

    assert centre.count("machxa_notify_defects_total") == 1
    assert [one.state for one in centre.mine("channel/sms")] == ["waiting"]
