"""One record of every kind, for the tests of codec and schema."""

from __future__ import annotations

from machxa_wire.records import Bye, Event, Facts, Gap, Hello, Place, Record, Samples, Series, Stamp

STAMP = Stamp(boot="0badcafe.7", time=1_764_000_000_000, mono=86_400_000)
PLACE = Place(stream="00112233445566ff", seq=42)
BATCH = Samples(
    PLACE,
    STAMP,
    at=(0, 60, 120),
    series=(
        Series("system.cpu.time", (("cpu.mode", "user"),), 1, 100),
        Series("system.uptime"),
        Series("hw.temperature", (("hw.id", "Gói CPU"),), 1, 1000),
    ),
    columns=((100, 160, 200), (5, None, None), (None, 42_000, 41_500)),
)
RECORDS: dict[str, Record] = {
    "samples": BATCH,
    "samples without a place": Samples(None, STAMP, (0,), BATCH.series, ((1,), (2,), (3,))),
    "facts": Facts(PLACE, STAMP, {"bios": {"smodel": "OptiPlex 3020"}, "memories": [{"capacity": 4096}]}),
    "facts that differ": Facts(PLACE, STAMP, {"bios": {"ssn": None}}, "0" * 32, "0123456789abcdef" * 2),
    "facts of a device": Facts(PLACE, STAMP, {"network_device": {"type": "Printer"}}, device="may-in:1"),
    "event": Event(PLACE, STAMP, "machxa.agent.start", {"version": "0.1.0", "restarts": 3, "clean": False}),
    "gap": Gap(PLACE, STAMP, "00112233445566ff", 3, 9, 7, "full"),
    "gap of unknown count": Gap(PLACE, STAMP, "ffffffffffffffff", 1, 9, None, "damaged"),
    "bye": Bye(PLACE, STAMP, "shutdown"),
    "hello": Hello(STAMP, "00112233445566ff", 42, 3, 900, "pc", {"agent": "0.1.0"}, None),
    "hello of a failing disk": Hello(
        STAMP, "00112233445566ff", 42, 3, 900, "pc", {}, None, 7, "cannot write: disk full"
    ),
    "hello of a gateway that tells its way": Hello(
        STAMP, "00112233445566ff", 42, 3, 900, "gateway", {}, None, path="tslcd", lan="192.168.1.20"
    ),
    "hello with newest": Hello(
        STAMP, "00112233445566ff", 42, 3, 900, "gateway", {}, Samples(None, STAMP, (0,), BATCH.series[:1], ((7,),))
    ),
}
