"""Carry messages from the outbox to the other side: each channel in a thread of its own, one message at a time.

A message is written down as tried before it goes and as sent after it went. Who dies in between sends it again: at
least once, with the same Message-ID, fingerprint and Idempotency-Key.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector import crash
from machxa_collector.notify import alertmanager
from machxa_collector.notify.happening import CHANNEL
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.notify.retry import LONGEST_MS, is_dead, is_due, is_given_up, pause_ms
from machxa_collector.notify.ways import sending
from machxa_collector.notify.ways.carrying import Attached, Letter, NotDelivered
from machxa_collector.notify.ways.settings import BadChannel, Email, Settings, settings_of
from machxa_collector.notify.wishes import LANGUAGES
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import channels, outbox
from machxa_collector.store.outbox import Message

logger = logging.getLogger(__name__)

Send = Callable[[Settings, Letter], None]
_STUCK_SECONDS = 120.0  # in one message: every wait of ours is bounded, theirs may come drop by drop
_IN_A_ROW = 50


class Delivery:
    """Send what waits; look starts what is due and never waits."""

    def __init__(
        self,
        store: Engine,
        seals: Keyring,
        now_ms: Callable[[], int],
        meters: NotifyMeters,
        send: Send = sending.send,
        chance: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the outbox and what opens the channels' settings."""
        self._store, self._seals, self._now_ms, self._meters = store, seals, now_ms, meters
        self._send, self._chance, self._monotonic = send, chance, monotonic
        self._busy: dict[str, tuple[threading.Thread, float]] = {}
        self._stopped = False

    def stop(self) -> None:
        """Begin no other message; one that is under way is marked by its thread, or sent again after the next start."""
        self._stopped = True

    def look(self) -> None:
        """Start a thread for each channel that is due and has none; one that is stuck counts as failing."""
        now, moment = self._now_ms(), self._monotonic()
        depths = outbox.depths(self._store)
        for channel in channels.every(self._store):
            self._meters.waiting.labels(channel.id).set(depths.get(channel.id, 0))
            self._meters.dead.labels(channel.id).set(is_dead(channel.failures, channel.failing_since, now))
            thread, since = self._busy.get(channel.id, (None, moment))
            if thread is not None and thread.is_alive():
                if moment - since > _STUCK_SECONDS:
                    self._busy[channel.id] = (thread, moment)
                    self._note(channel.id, "a message is stuck: the other side answers drop by drop", now)
            elif channel.enabled and is_due(channel.next_at, now) and depths.get(channel.id):
                started = threading.Thread(
                    target=self.drain, args=(channel.id,), name=f"notify {channel.id}", daemon=True
                )
                self._busy[channel.id] = (started, moment)
                started.start()

    def drain(self, channel: str) -> None:
        """Send what is due by one channel until something fails."""
        try:
            try:
                self._drain(channel)
            except SQLAlchemyError:
                raise
            except Exception:
                self._meters.defects.inc()
                logger.exception("channel %s met a defect; it is tried again", channel)
                self._note(channel, "a defect of ours; it is in the log", self._now_ms())
        except SQLAlchemyError as exc:
            logger.warning("channel %s waits for the store: %s", channel, str(exc)[:200])

    def _drain(self, channel: str) -> None:
        for _ in range(_IN_A_ROW):
            if self._stopped or not self.one(channel):
                return
            busy = self._busy.get(channel)
            if busy is not None:
                self._busy[channel] = (busy[0], self._monotonic())

    def one(self, channel: str) -> bool:
        """Send the oldest message that is due by a channel; return whether another may follow."""
        now = self._now_ms()
        message = outbox.next_of(self._store, channel, now, LONGEST_MS)
        if message is None:
            return False
        tries = message.tries + 1
        outbox.trying(self._store, message.pk, tries, now + pause_ms(tries, self._chance()))
        try:
            self._check_age(message, now)
            settings = self._settings(channel)
            self._send(settings, self._letter(settings, message))
        except NotDelivered as exc:
            return self._failed(channel, message, tries, exc)
        crash.reached("after_send_before_mark")
        outbox.sent(self._store, message.pk, self._now_ms())
        channels.delivered(self._store, channel, self._now_ms())
        self._meters.sent.labels(channel).inc()
        return True

    def dead(self) -> Mapping[str, int]:
        """Return since when each dead channel fails; those switched off are not among them."""
        now = self._now_ms()
        return {
            one.id: one.failing_since
            for one in channels.every(self._store)
            if one.enabled and one.failing_since is not None and is_dead(one.failures, one.failing_since, now)
        }

    @staticmethod
    def _check_age(message: Message, now: int) -> None:
        if is_given_up(0, message.made_at, now, is_report=message.kind == outbox.REPORT):
            raise NotDelivered("too_old", is_final=True)

    def _failed(self, channel: str, message: Message, tries: int, exc: NotDelivered) -> bool:
        now = self._now_ms()
        is_final = exc.is_final or is_given_up(tries, message.made_at, now, is_report=message.kind == outbox.REPORT)
        outbox.failed(self._store, message.pk, str(exc), is_final=is_final)
        self._meters.failed.labels(channel, "yes" if is_final else "no").inc()
        if exc.is_final:
            return True  # it is the message, not the channel
        self._note(channel, str(exc), now)
        return False

    def _note(self, id_: str, error: str, now: int) -> None:
        known = channels.one(self._store, id_)
        if known is None:
            return
        failures, since = known.failures + 1, known.failing_since if known.failing_since is not None else now
        channels.failing(self._store, id_, failures, since, now + pause_ms(failures, self._chance()), error)
        if failures == 1 or is_dead(failures, since, now) != is_dead(failures - 1, since, known.next_at):
            logger.warning("channel %s does not deliver: %s", id_, error)

    def _settings(self, channel: str) -> Settings:
        known = channels.one(self._store, channel)
        said = channels.settings(self._store, self._seals, channel)
        if known is None or said is None:
            raise NotDelivered("the channel's settings cannot be opened: set them again")
        try:
            return settings_of(known.kind, said)
        except BadChannel as exc:
            raise NotDelivered(f"the channel's settings do not fit: {exc}") from exc

    def _letter(self, settings: Settings, message: Message) -> Letter:
        to: tuple[str, ...] = ()
        if isinstance(settings, Email) and message.recipient.startswith(CHANNEL):
            to = settings.to
        elif isinstance(settings, Email):
            own = channels.address_of(self._store, self._seals, message.recipient)
            to = () if own is None else (own,)
        letter = letter_of(message.key, message.channel or "", message.body, message.made_at, to)
        return replace(letter, files=_files(self._store, message.body)) if isinstance(settings, Email) else letter


def _files(store: Engine, body: Mapping[str, object]) -> tuple[Attached, ...]:
    """Return the files that go with a message; one that is not kept any more is left out: the text names it."""
    asked = body.get("files")
    if not isinstance(asked, list) or not asked:
        return ()
    from machxa_collector.notify.report_making import attachment  # noqa: PLC0415 - what writes DOCX is heavy
    from machxa_collector.outputs.word import DOCX_TYPE  # noqa: PLC0415

    found = ((str(name), attachment(store, int(pk))) for pk, name in asked)
    return tuple(Attached(name=name, media=DOCX_TYPE, content=content) for name, content in found if content)


def letter_of(key: str, receiver: str, body: Mapping[str, object], made_at: int, to: tuple[str, ...]) -> Letter:
    """Return a kept body as a letter in its recipient's language."""
    code = str(body.get("language", LANGUAGES[0]))
    said = body.get(code)
    texts = {name: str(value) for name, value in said.items()} if isinstance(said, Mapping) else {}
    alerts = body.get("alerts")
    left_out = body.get("left_out")
    base = str(body.get("base", ""))
    posted = (
        alertmanager.payload(receiver, alerts, left_out if isinstance(left_out, int) else 0, base)
        if isinstance(alerts, list)
        else {}
    )
    return Letter(
        key=key,
        subject=texts.get("subject", ""),
        text=texts.get("text", ""),
        brief=texts.get("brief", ""),
        made_at=made_at,
        to=to,
        body=posted,
    )
