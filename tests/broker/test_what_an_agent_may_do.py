"""An enrolled agent that turned hostile reaches its own topics alone, whatever it claims to be."""

from __future__ import annotations

import pytest

from machxa_wire.encode import encode_ack, encode_centre, encode_presence, encode_settings
from machxa_wire.records import Ack, CentrePresence, Presence, Settings
from machxa_wire.topics import CENTRE_PRESENCE
from tests.broker.ground import Ground
from tests.broker.packets import PUBACK, Will, connect, publish, subscribe

pytestmark = [pytest.mark.broker, pytest.mark.faults]
NOT_AUTHORIZED = 135


def foreign(ground: Ground) -> dict[str, tuple[str, bytes, str]]:
    """Return topic, payload and MAC of what belongs to others, the MACs as good as the broker could not know."""
    victim, mallory = ground.victim, ground.mallory
    here, lost = victim.address, encode_presence(Presence("lost", "0badcafe.1"))
    record = victim.next_record()
    settings = encode_settings(Settings(99, 1, 1))
    return {
        "a record of the victim's": (here.up, record, victim.mac(here.up, record)),
        "the victim's presence": (here.presence, lost, victim.mac(here.presence, lost)),
        "an acknowledgement to the victim": (here.ack, ack(ground), victim.mac(here.ack, ack(ground))),
        "settings for the victim": (here.config, settings, victim.mac(here.config, settings)),
        "settings for itself": (mallory.address.config, settings, mallory.mac(mallory.address.config, settings)),
        "the centre's presence": (
            CENTRE_PRESENCE,
            encode_centre(CentrePresence(up=False, instance="x" * 16, spread_seconds=0)),
            "",
        ),
        "a broker's own topic": ("$SYS/broker/uptime", b"1", ""),
        "a topic of nobody's": ("anything", b"1", ""),
        "another version's topic": (f"mx/2/00/{mallory.given.agent}/up", b"{}", ""),
        "a deeper topic": (mallory.address.up + "/deeper", b"{}", ""),
    }


def ack(ground: Ground) -> bytes:
    return encode_ack(Ack(ground.victim.stream, 10**9))


NAMES = (
    "a record of the victim's",
    "the victim's presence",
    "an acknowledgement to the victim",
    "settings for the victim",
    "settings for itself",
    "the centre's presence",
    "a broker's own topic",
    "a topic of nobody's",
    "another version's topic",
    "a deeper topic",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_belongs_to_others_is_not_published(ground: Ground, name: str) -> None:
    before = ground.stored()
    topic, payload, mac = foreign(ground)[name]

    answer = ground.as_mallory().send(publish(topic, payload, mac, retain=True)).until(PUBACK)

    assert answer is None or answer.reason == NOT_AUTHORIZED
    ground.assert_unharmed(before)
    assert heard_by_victim(ground) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_will_on_what_belongs_to_others_is_never_sent(ground: Ground, name: str) -> None:
    before = ground.stored()
    topic, payload, mac = foreign(ground)[name]

    ground.as_mallory(connect(will=Will(topic, payload, mac))).close()

    ground.assert_unharmed(before)
    assert heard_by_victim(ground) == []


@pytest.mark.parametrize(
    "wanted",
    [
        "#",
        "+/#",
        "$SYS/#",
        "mx/#",
        "mx/1/+/+/up",
        "mx/1/+/+/presence",
        "mx/1/+/+/down/#",
        "mx/1/+/+/+/+",
        "$share/all/mx/#",
        "$share/all/#",
        "the victim's",
    ],
)
def test_a_subscription_to_what_belongs_to_others_brings_nothing(ground: Ground, wanted: str) -> None:
    before = ground.stored()
    wanted = ground.victim.address.down if wanted == "the victim's" else wanted

    line = ground.as_mallory().send(subscribe(wanted))
    line.settle()
    ground.victim_line.send(ground.victim.signed(ground.victim.next_record()))
    ground.victim_line.until_published(ground.victim.address.ack)

    before["victim's streams"] = ground.stored()["victim's streams"]
    ground.assert_unharmed(before, more=1)


@pytest.mark.parametrize("claimed", ["centre", "the victim's", "", "a" * 65535])
def test_a_client_id_or_user_name_claimed_gives_nothing(ground: Ground, claimed: str) -> None:
    before = ground.stored()
    agent = ground.victim.given.agent
    name = agent if claimed == "the victim's" else claimed

    line = ground.as_mallory(connect(name, user=name, password=name))
    answer = line.send(publish(ground.victim.address.up, b"{}")).until(PUBACK)

    assert answer is not None
    assert answer.reason == NOT_AUTHORIZED
    ground.assert_unharmed(before)


def test_records_heard_before_are_not_stored_again(ground: Ground) -> None:
    line = ground.as_mallory()
    record = ground.mallory.next_record()
    line.send(subscribe(ground.mallory.address.down)).send(ground.mallory.signed(record))
    line.until_published(ground.mallory.address.ack)
    before = ground.stored()

    for _ in range(500):
        line.send(ground.mallory.signed(record))

    ground.assert_unharmed(before)


def test_a_victims_record_is_not_stored_as_anothers(ground: Ground) -> None:
    before = ground.stored()
    record = ground.victim.next_record()
    stolen = ground.victim.mac(ground.victim.address.up, record)

    ground.as_mallory().send(ground.mallory.packet(record, stolen)).until(PUBACK)

    ground.assert_unharmed(before)


def heard_by_victim(ground: Ground) -> list[str]:
    """Return the topics of what came to the victim, beyond what the centre says to all."""
    return [one.topic for one in ground.victim_line.published() if one.topic != CENTRE_PRESENCE]
