"""Say what the pages about people need of the collector, on behalf of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request, Response
from fastapi.params import Depends


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """Hold a session that just began: carry puts its cookie into an answer; is_half lacks its second factor."""

    carry: Callable[[Response], None]
    is_half: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleGuards:
    """Hold the dependencies that let everybody in, the signed-in, who sees accounts, and who changes them."""

    anyone: Sequence[Depends]
    own: Sequence[Depends]
    reading: Sequence[Depends]
    managing: Sequence[Depends]


class PeopleDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise admin.desk.Trouble."""

    def sign_in(self, login: str, password: str, code: str) -> Seated:
        """Begin a session."""
        ...

    def sign_out(self) -> Callable[[Response], None]:
        """End the session; return what takes the cookie back in an answer."""
        ...

    def invited(self, token: str) -> str:
        """Return the login that an invitation is for."""
        ...

    def accept(self, token: str, password: str) -> None:
        """Set the password of an invited person."""
        ...

    def add_first(self, login: str, name: str, password: str) -> Seated:
        """Make the first administrator and begin their session."""
        ...

    def me(self) -> object:
        """Return what GET /me does."""
        ...

    def change_password(self, current: str, new: str) -> Seated:
        """Change one's own password."""
        ...

    def begin_second_factor(self, pending: str) -> object:
        """Return what POST /me/second-factor does; pending is one begun before, "" begins a new one."""
        ...

    def confirm_second_factor(self, pending: str, code: str, password: str) -> tuple[Seated, tuple[str, ...]]:
        """Keep a begun second factor; return the new session and the recovery codes."""
        ...

    def sessions(self) -> object:
        """Return what GET /me/sessions does."""
        ...

    def end_session(self, session: str) -> None:
        """End one of one's own sessions."""
        ...

    def end_other_sessions(self) -> None:
        """End one's own sessions but this one."""
        ...

    def people(self) -> object:
        """Return what GET /people does, each with the place that its scope names."""
        ...

    def person(self, person: str) -> object:
        """Return what GET /people/{id} does, with the place that its scope names."""
        ...

    def add(self, login: str, name: str, roles: Collection[str], scope: str) -> str:
        """Make an account; return the path of its invitation. scope may name places."""
        ...

    def change(self, person: str, name: str, roles: Collection[str], scope: str) -> None:
        """Change what an account is called and may do."""
        ...

    def set_disabled(self, person: str, *, disabled: bool) -> None:
        """Take an account out of use, or into use again."""
        ...

    def invite(self, person: str) -> str:
        """Return the path of a new invitation."""
        ...

    def forget_second_factor(self, person: str) -> None:
        """Forget a second factor that its owner has lost."""
        ...


PeopleDeskOf = Callable[[Request], PeopleDesk]
"""Return the desk for whoever asks."""
