"""Say the states of messages and channels in words."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_web.languages import msg
from machxa_web.notify.troubles import trouble

STATES: Mapping[str, str] = {
    "waiting": msg("waits to be sent"),
    "sent": msg("sent"),
    "failed": msg("not sent"),
    "shown": msg("on this page"),
}
CHANNELS: Mapping[str, str] = {
    "off": msg("switched off"),
    "untried": msg("not tried yet"),
    "delivers": msg("delivers"),
    "failing": msg("failing"),
    "dead": msg("dead: an incident of its own"),
}
KINDS: Mapping[str, str] = {
    "email": msg("E-mail"),
    "webhook": msg("Webhook (Alertmanager)"),
    "apprise": msg("Zalo Bot, Telegram and others"),
}
LEVELS: tuple[str, ...] = ("P1", "P2", "P3", "P4")
WORDS = {"states": STATES, "channels": CHANNELS, "kinds": KINDS, "levels": LEVELS, "trouble": trouble}
