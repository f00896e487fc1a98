"""Time an agent's starts until its first hello is at the broker."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from machxa_collector.intake.address import USER, password_of
from machxa_fleet.secured import Secured
from machxa_fleet.simulated import Credentials
from machxa_wire.decode import decode
from machxa_wire.records import Hello
from tests.bench.apart import quiet

_START_SECONDS = 30.0


def starts(broker: Secured, given: Credentials, command: list[str], count: int) -> dict[str, object]:
    """Return the milliseconds from the process's start to its hello at the broker, of warm starts."""
    took: list[float] = []
    busy: list[int] = []
    with _hearing(broker, given) as heard:
        for number in range(count + 1):
            heard.clear()
            started = time.monotonic()
            agent = quiet(command)
            while not heard and time.monotonic() - started < _START_SECONDS:
                time.sleep(0.001)
            if number and heard:  # the first one warms up
                took.append(1000 * (heard[0] - started))
                busy.append(_busy_ms(agent.pid))
            agent.terminate()
            agent.wait(30)
    ordered = sorted(round(one) for one in took)
    return {
        "runs": ordered,
        "median": statistics.median(ordered) if ordered else None,
        "cpu_ms": sorted(busy),  # what it would take on a processor of its own
        "asked": count,
    }


def _busy_ms(pid: int) -> int:
    """Return the processor time of a process's threads, proc(5): schedstat."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) // 1_000_000


@contextmanager
def _hearing(broker: Secured, given: Credentials) -> Iterator[list[float]]:
    """Listen at the broker for an agent's hellos; give the list of the moments they came."""
    heard: list[float] = []
    client = Client(CallbackAPIVersion.VERSION2, client_id="bench", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(USER, password_of(broker.centre))

    def connected(*_: object) -> None:
        client.subscribe(f"mx/1/{given.shard}/{given.agent}/up")

    def came(_client: object, _user: object, message: MQTTMessage) -> None:
        if isinstance(decode(bytes(message.payload)), Hello):
            heard.append(time.monotonic())

    client.on_connect = connected
    client.on_message = came
    client.connect("127.0.0.1", broker.centre.port)
    client.loop_start()
    try:
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()
