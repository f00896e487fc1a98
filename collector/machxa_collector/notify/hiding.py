"""Know what of the channels no log may hold."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from machxa_collector.notify.ways.settings import BadChannel, settings_of
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import channels


def secrets_of(store: Engine, seals: Keyring) -> Iterator[str]:
    """Yield the secrets of all channels that these keys open."""
    for one in channels.every(store):
        said = channels.settings(store, seals, one.id)
        try:
            found = () if said is None else settings_of(one.kind, said).secrets
        except BadChannel:
            found = ()
        yield from found
