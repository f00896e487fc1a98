"""Sign people in and let them look after their own account: the one place behind the API's routes and the pages."""

from __future__ import annotations

import base64
import binascii
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from machxa_collector.api.deps import Deps
from machxa_collector.api.limits import Limits
from machxa_collector.registry.audit import Entry, Result
from machxa_collector.registry.people import Principal, second_factor
from machxa_collector.registry.people.identity import Given, Proven
from machxa_collector.registry.people.passwords import SALT_BYTES, hashed, matches, unfit
from machxa_collector.registry.people.roles import NEED_SECOND_FACTOR
from machxa_collector.registry.people.sitting import sitting_of
from machxa_collector.registry.sealing import BadSeal
from machxa_collector.registry.units import bundled_units
from machxa_collector.store import audit, people, sessions
from machxa_collector.store.acting import acting
from machxa_collector.store.people import Person

logger = logging.getLogger(__name__)


class Refusal(Enum):
    """Say why something of an account was not done."""

    WRONG = "wrong"
    PASSWORD_SHORT = "password-short"  # noqa: S105 - a reason's name
    PASSWORD_LONG = "password-long"  # noqa: S105
    PASSWORD_KNOWN = "password-known"  # noqa: S105
    CODE_WRONG = "code-wrong"
    LINK_SPENT = "link-spent"
    NO_ACCOUNT = "no-account"


class Refused(Exception):
    """Tell a caller what it may correct."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Say from where somebody asks."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Hold a session that just began: the secret of its cookie, how long it may last, and what is still missing."""

    secret: str
    longest_ms: int
    is_half: bool


class Accounts:
    """Check people's secrets; each method raises Refused, or Held where somebody guesses."""

    def __init__(self, deps: Deps, limits: Limits) -> None:
        self._deps = deps
        self._limits = limits

    def sign_in(self, given: Given, origin: Origin) -> Seat:
        """Begin a session for a login, password and code; one answer and one timing whatever is wrong with them."""
        login = login_of(given.login)
        with self._limits.one_try(login, origin.address) as tried:
            found = self.proven(given)
            tried.wrong = found is None
        if found is None:
            self._note_refused("sign-in", login, origin)
            raise Refused(Refusal.WRONG)
        return self._seat(found, origin, "sign-in")

    def proven(self, given: Given) -> Proven | None:
        """Check a local account: the first provider of identities (registry.people.identity)."""
        found = people.by_login(self._deps.store, login_of(given.login))
        kept = found[1].password if found and found[0].disabled_at is None else None
        if not matches(kept, given.secret) or found is None:
            return None
        person, proofs = found
        if proofs.totp is not None and not self._is_code(person, proofs.totp, given.code):
            return None
        return Proven(person=person.id, has_second_factor=proofs.totp is not None)

    def accept(self, invitation: str, password: str, origin: Origin) -> Person:
        """Set the password of an invited person, who signs in with it then."""
        person = self.invited(invitation)
        kept = self._fit(password, person)
        with acting(self._deps.store, self._entry(person, "account.accept-invitation", origin)) as connection:
            people.set_password(connection, person.id, kept)
        return person

    def invited(self, invitation: str) -> Person:
        """Return whom an invitation is for."""
        person = people.invited(self._deps.store, invitation, self._deps.door_ms())
        if person is None:
            raise Refused(Refusal.LINK_SPENT)
        return person

    def change_password(self, who: Principal, current: str, new: str, origin: Origin) -> Seat:
        """Change one's own password; every session ends, and a new one begins here."""
        person = self._own(who)
        self._confirm(person, current, origin)
        kept = self._fit(new, person)
        with self._deps.store.begin() as connection:
            people.set_password(connection, person.id, kept)
        proven = Proven(person=person.id, has_second_factor=person.has_second_factor)
        return self._seat(proven, origin, "account.change-password")

    def begin_second_factor(self, who: Principal) -> tuple[str, str, str]:
        """Return a new secret as text, its otpauth address, and the secret sealed: nothing is kept until confirmed."""
        person = self._own(who)
        secret = secrets.token_bytes(second_factor.SECRET_BYTES)
        sealed = self._deps.seals.seal(secret, _pending(person))
        told = second_factor.secret_text(secret), second_factor.address(secret, person.login)
        return (*told, base64.urlsafe_b64encode(sealed).decode())

    def pending_secret(self, who: Principal, sealed: str) -> tuple[str, str]:
        """Return a begun secret again as text and otpauth address."""
        person = self._own(who)
        secret = self._opened(person, sealed)
        return second_factor.secret_text(secret), second_factor.address(secret, person.login)

    def confirm_second_factor(
        self, who: Principal, sealed: str, code: str, password: str, origin: Origin
    ) -> tuple[Seat, tuple[str, ...]]:
        """Keep a begun secret that the code proves; return a new session and the recovery codes, told this once.

        Who only signed in to set it up has just given the password; everybody else gives it here.
        """
        person = self._own(who)
        if not who.is_half:
            self._confirm(person, password, origin)
        secret = self._opened(person, sealed)
        step = second_factor.step_of(secret, code, self._deps.door_ms())
        if step is None:
            raise Refused(Refusal.CODE_WRONG)
        codes = tuple(
            second_factor.recovery_text(secrets.token_bytes(second_factor.RECOVERY_BYTES))
            for _ in range(second_factor.RECOVERY_CODES)
        )
        kept = self._deps.seals.seal(secret, _context(person))
        with self._deps.store.begin() as connection:
            hashes = map(second_factor.recovery_hash, codes)
            people.set_second_factor(connection, person.id, kept, step, hashes)
        proven = Proven(person=person.id, has_second_factor=True)
        return self._seat(proven, origin, "account.set-second-factor"), codes

    def own(self, who: Principal) -> tuple[Person, int]:
        """Return one's own account, and how many recovery codes are left."""
        person = self._own(who)
        return person, people.recovery_left(self._deps.store, person.id)

    def sessions(self, who: Principal) -> tuple[sessions.Session, ...]:
        """Return one's own living sessions, the newest first."""
        return sessions.list_of(self._deps.store, self._own(who).id, self._deps.door_ms())

    def end_session(self, who: Principal, session_id: str) -> bool:
        """End one of one's own sessions; return whether there was one."""
        with self._deps.store.begin() as connection:
            return sessions.end(connection, session_id, who.person)

    def end_other_sessions(self, who: Principal) -> int:
        """End one's own sessions but this one; return how many there were."""
        person = self._own(who)
        with self._deps.store.begin() as connection:
            return sessions.end_others(connection, person.id, who.session)

    def sign_out(self, who: Principal) -> None:
        """End this session."""
        if who.session is not None:
            self.end_session(who, who.session)

    def first_password(self, person: Person, password: str, origin: Origin) -> Seat:
        """Set a password that the person types at their first sign-in, and begin their session."""
        kept = self._fit(password, person)
        with self._deps.store.begin() as connection:
            people.set_password(connection, person.id, kept)
        return self._seat(Proven(person=person.id, has_second_factor=False), origin, "sign-in")

    def check_password(self, password: str, words: Sequence[str]) -> None:
        """Raise Refused for a password that is too short, too long, or easily guessed here."""
        why = unfit(password, (*words, *_place_names()))
        if why is not None:
            raise Refused(Refusal(f"password-{why.value}"))

    def _fit(self, password: str, person: Person) -> str:
        self.check_password(password, (person.login, person.name))
        return hashed(password, secrets.token_bytes(SALT_BYTES))

    def _confirm(self, person: Person, password: str, origin: Origin) -> None:
        proofs = people.proofs_of(self._deps.store, person.id)
        with self._limits.one_try(person.login, origin.address) as tried:
            tried.wrong = not matches(proofs.password if proofs else None, password)
        if tried.wrong:
            self._note_refused("account.confirm", person.login, origin)
            raise Refused(Refusal.WRONG)

    def _is_code(self, person: Person, sealed: bytes, code: str) -> bool:
        if second_factor.looks_like_recovery(code):
            return people.use_recovery(self._deps.store, person.id, second_factor.recovery_hash(code))
        try:
            secret = self._deps.seals.unseal(sealed, _context(person))
        except BadSeal as exc:
            logger.warning(
                "the second factor of %r cannot be checked: %s; an administrator forgets it", person.login, exc
            )
            return False
        step = second_factor.step_of(secret, code, self._deps.door_ms())
        return step is not None and people.use_step(self._deps.store, person.id, step)

    def _opened(self, person: Person, sealed: str) -> bytes:
        try:
            return self._deps.seals.unseal(base64.urlsafe_b64decode(sealed), _pending(person))
        except (BadSeal, binascii.Error, ValueError) as exc:
            raise Refused(Refusal.LINK_SPENT) from exc

    def _own(self, who: Principal) -> Person:
        found = None if who.person is None else people.one(self._deps.store, who.person)
        if found is None:
            raise Refused(Refusal.NO_ACCOUNT)
        return found

    def _seat(self, found: Proven, origin: Origin, action: str) -> Seat:
        person = people.one(self._deps.store, found.person)
        if person is None:
            raise Refused(Refusal.WRONG)
        is_half = not found.has_second_factor and not person.roles.isdisjoint(NEED_SECOND_FACTOR)
        sitting = sitting_of(person.roles)
        opening = sessions.Opening(
            person=person.id, is_half=is_half, sitting=sitting, address=origin.address, browser=origin.browser
        )
        with acting(self._deps.store, self._entry(person, action, origin)) as connection:
            secret = sessions.begin(connection, opening, self._deps.door_ms())
        return Seat(secret=secret, longest_ms=sitting.longest_ms, is_half=is_half)

    def _entry(self, person: Person, action: str, origin: Origin) -> Entry:
        now_ms, subject = self._deps.now_ms(), f"people/{person.id}"
        return Entry(at=now_ms, actor=person.login, origin=origin.address, action=action, subject=subject)

    def _note_refused(self, action: str, login: str, origin: Origin) -> None:
        """Write down a wrong secret; an unknown login is not repeated: people type passwords there."""
        found = people.by_login(self._deps.store, login)
        entry = Entry(
            at=self._deps.now_ms(),
            actor="nobody",
            origin=origin.address,
            action=action,
            subject=f"people/{found[0].id}" if found else "",
            result=Result.REFUSED,
        )
        audit.record_alone(self._deps.store, entry)


def login_of(typed: str) -> str:
    """Return a login as it is kept, however it is typed."""
    return typed.strip().lower()[:60]


@cache
def _place_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit.name for unit in bundled_units()))


def _context(person: Person) -> str:
    return f"totp/{person.id}"


def _pending(person: Person) -> str:
    return f"totp-pending/{person.id}"
