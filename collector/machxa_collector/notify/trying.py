"""Try a channel: send one test message now, and say whether the other side took it."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.notify.delivery import Send, letter_of
from machxa_collector.notify.ways.carrying import NotDelivered
from machxa_collector.notify.ways.settings import BadChannel, Email, address_of, settings_of
from machxa_collector.notify.writing import of_test
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import channels
from machxa_collector.store.channels import Channel


def try_channel(store: Engine, seals: Keyring, channel: Channel, to: str | None, now: int, send: Send) -> str | None:
    """Send a test by a channel; return None when the other side took it, else why not. Raises BadChannel.

    to is the address of a test by e-mail, None: the channel's own. A test counts for nobody's budget, and what it
    shows of the channel's health is written down.
    """
    said = channels.settings(store, seals, channel.id)
    if said is None:
        return "the channel's settings cannot be opened: set them again"
    settings = settings_of(channel.kind, said)
    receivers: tuple[str, ...] = ()
    if isinstance(settings, Email):
        receivers = settings.to if to is None else (address_of(to),)
        if not receivers:
            raise BadChannel("this channel has no address of its own: name one for the test")
    base = str(channels.policy(store).get("base_url") or "")
    letter = letter_of(f"test/{channel.id}/{now}", channel.id, of_test(channel.id, now, base), now, receivers)
    try:
        send(settings, letter)
    except NotDelivered as exc:
        return str(exc)
    channels.delivered(store, channel.id, now)
    return None
