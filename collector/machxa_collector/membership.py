"""Be one of several collectors on a PostgreSQL: keep our name, see who else lives, and lead where nobody does.

The leader does what one alone may do. Its lock is a session's, and ends with it; what it has under way then is
fenced by its term (``store.turns``), and what an intake has under way by the epoch.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.failure import CannotRunError
from machxa_collector.intake.shares import Holding, shards_of
from machxa_collector.intake.sparing import Sparing
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import members as stored
from machxa_collector.store.members import Me, Roll
from machxa_collector.store.sole import Lock, Session

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}", re.ASCII)
_OTHER_KEYS = (
    "các máy thu thập đang chạy trên kho này dùng khóa khác: chép collector/ca và collector/seal.key của chúng sang",
    "the collectors that run on this store have other keys: copy their collector/ca and collector/seal.key here",
)

Leads = Callable[[int | None], None]
"""Take the number of our term when it begins, None when it is over."""


class Membership:
    """Keep a member's place; ``run`` is one thread's, what is asked may be asked from any."""

    def __init__(self, address: str, name: str) -> None:
        """Take a name at an address; raises CannotRunError where one runs there that must not run beside us."""
        if _NAME.fullmatch(name) is None:
            raise CannotRunError(
                f"--member {name!r}: chữ thường, số, dấu chấm và gạch nối, nhiều nhất 40",
                f"--member {name!r}: lower-case letters, digits, dots and hyphens, 40 at most",
            )
        self.name = name
        self._address = address
        self._roll, self._holding = Roll(0, "", ()), Holding(0, "", frozenset())
        self._term: int | None = None
        self._awake, self._stopped = threading.Event(), False
        self._sparing = Sparing()
        self.on_gained: Callable[[int], object] = int  # is told how many shards a silent member has left to us
        self._session: Session | None = Session(address)
        why = self._refused(self._session)
        if why is not None:
            self.leave_locks()
            raise why

    def join(self, store: Engine, keys: str) -> None:
        """Enter ourselves; raises CannotRunError."""
        self._store, self._me = store, Me(self.name, stored.new_start(), keys)
        try:
            self._see(stored.join(store, self._me))
        except stored.OtherKeysError as exc:
            raise CannotRunError(*_OTHER_KEYS) from exc

    def run(self, leads: Leads) -> None:
        """Beat until stopped; then leave the others in order."""
        try:
            while not self._stopped:
                try:
                    self._turn(leads)
                except SQLAlchemyError as exc:
                    self.leave_locks()
                    if self._sparing.due("store") is not None:
                        logger.warning("member %s waits for the store: %s", self.name, str(exc)[:200])
                self._awake.wait(stored.BEAT_SECONDS)
                self._awake.clear()
        finally:
            self._end_term(leads)
            self.close()

    def stop(self) -> None:
        """Make run return."""
        self._stopped = True
        self._awake.set()

    def close(self) -> None:
        """Leave, so that the others need not wait until we seem dead."""
        with suppress(SQLAlchemyError):
            stored.leave(self._store, self._me)
        self.leave_locks()

    def look(self) -> None:
        """Beat now."""
        self._awake.set()

    def holding(self) -> Holding:
        """Return which shards are ours, by the newest roll."""
        return self._holding

    def live(self) -> tuple[str, ...]:
        """Return who lives, sorted."""
        return self._roll.live

    def others_live(self) -> bool:
        """Return whether another member lives."""
        return any(name != self.name for name in self._roll.live)

    def is_leader(self) -> bool:
        """Return whether we lead."""
        return self._term is not None

    def _turn(self, leads: Leads) -> None:
        if self._session is None and not self._go_on(leads):
            return
        session = self._session
        assert session is not None  # noqa: S101 - gone on with
        try:
            self._see(stored.beat(self._store, self._me))
        except stored.ReplacedError:
            self._see(stored.join(self._store, self._me))
        self._sparing.over("store")
        session.check()
        if self._term is None and session.take(Lock.LEADING):
            self._term = stored.lead(self._store, self.name)
            logger.info("member %s leads, term %d", self.name, self._term)
            leads(self._term)

    def _go_on(self, leads: Leads) -> bool:
        """Take name and lead again after the session was cut; return whether we may go on."""
        self._session = session = Session(self._address)
        why = self._refused(session)
        if why is not None:
            if self._sparing.due("refused") is not None:
                logger.error("member %s takes nothing any more: %s", self.name, why)
            self._holding = Holding(-1, self._roll.instance, frozenset())
            self.leave_locks()
        is_ours = why is None and self._term is not None and session.take(Lock.LEADING)
        if not (is_ours and stored.term(self._store) == self._term):  # somebody led meanwhile
            self._end_term(leads)
        return why is None

    def _end_term(self, leads: Leads) -> None:
        if self._term is not None:
            logger.info("member %s leads no more", self.name)
            self._term = None
            leads(None)

    def _see(self, roll: Roll) -> None:
        before, self._roll = self._roll, roll
        if roll.epoch == self._holding.epoch:
            return
        had, mine = self._holding.shards, shards_of(self.name, roll.live)
        self._holding = Holding(roll.epoch, roll.instance, mine)
        if set(before.live) - set(roll.live):
            self.on_gained(len(mine - had))
        logger.info("epoch %d: %s; %d shards are ours", roll.epoch, ", ".join(roll.live), len(mine))

    def _refused(self, session: Session) -> CannotRunError | None:
        if not session.take(Lock.COLLECTING, shared=True):
            return CannotRunError(
                "một máy thu thập chạy một mình trên kho này: dừng nó, hoặc chạy nó với --member TÊN",
                "a collector runs alone on this store: stop it, or start it with --member NAME, too",
            )
        if not session.take_name(self.name):
            return CannotRunError(
                f"máy thu thập {self.name} đang chạy trên kho này: chọn tên khác, --member TÊN",
                f"member {self.name} runs on this store: take another name, --member NAME",
            )
        return None

    def leave_locks(self) -> None:
        """End our session, and name and lead with it."""
        if self._session is not None:
            self._session.close()
            self._session = None


def keys_of(fingerprint: str, seals: Keyring) -> str:
    """Return what members have in common: the authority, and the oldest key that seals, which outlives a change."""
    return hashlib.sha256(fingerprint.encode() + b"\0" + hashlib.sha256(seals.keys[-1]).digest()).hexdigest()
