"""Say who somebody proved to be, whoever checked it: our own accounts today, an OpenID Connect provider tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Hold what was proven: an account's id, and whether more than one factor was."""

    person: str
    has_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Hold what somebody shows at sign-in: an account's name and secrets typed, or a provider's answer as secret."""

    login: str
    secret: str
    code: str = ""


class IdentityProvider(Protocol):
    """Check what somebody shows. A provider vouches for people; roles and territory stay ours."""

    def proven(self, given: Given) -> Proven | None:
        """Return who it is, None when it proves nobody; takes as long for an unknown login as for a wrong secret."""
        ...
