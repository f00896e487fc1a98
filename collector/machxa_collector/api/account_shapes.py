"""Say what is asked and answered about accounts, people and API tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.shapes import Moment
from machxa_collector.registry.people import Permission, Role

LOGIN = r"^[a-z0-9][a-z0-9._@-]{2,59}$"

RoleName = Literal["province_it", "finance", "leader", "clerk", "auditor", "admin"]


def _sayable(text: str) -> str:
    """Refuse half a surrogate pair, which no database or page can say."""
    text.encode()
    return text


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds signs that do not print")
    return text.strip()


Secret = Annotated[str, Field(max_length=1000), AfterValidator(_sayable)]
Login = Annotated[str, StringConstraints(pattern=LOGIN)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_one_line)]
Roles = Annotated[list[RoleName], Field(min_length=1, max_length=len(Role))]
ScopeText = Annotated[
    str,
    Field(max_length=2000, description="nation, a province's code (86), or codes of units with spaces between"),
    AfterValidator(_one_line),
]
Id = Annotated[str, StringConstraints(max_length=36)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignInRequest(_Asked):
    """Hold a login with its secrets; code is of six digits, or a recovery code, or empty for whoever has none."""

    login: Annotated[str, Field(max_length=200), AfterValidator(_sayable)]
    password: Secret
    code: Annotated[str, Field(max_length=100), AfterValidator(_sayable)] = ""


class SignedIn(_Told):
    """Say whether a second factor must be set up before anything else."""

    second_factor_missing: bool


class AcceptRequest(_Asked):
    """Hold an invitation's secret and the password to come."""

    token: Annotated[str, Field(max_length=200), AfterValidator(_sayable)]
    password: Secret


class PasswordRequest(_Asked):
    """Hold one's own password and the one to come."""

    current: Secret
    new: Secret


class ConfirmRequest(_Asked):
    """Hold a begun second factor, a code that proves it, and one's password (not needed right after signing in)."""

    pending: Annotated[str, Field(max_length=400), AfterValidator(_sayable)]
    code: Annotated[str, Field(max_length=20), AfterValidator(_sayable)]
    password: Secret = ""


class PendingFactor(_Told):
    """Hold a second factor that waits for its first code: the secret in base32, its otpauth address, and its seal."""

    secret: str
    address: str
    pending: str


class RecoveryCodes(_Told):
    """Hold recovery codes, told this once; each replaces one code."""

    recovery_codes: list[str]


class Me(_Told):
    """Say who asks, what they may do and where. login is null for a token and for a one-time link."""

    name: str
    login: str | None
    roles: list[RoleName]
    scope: str
    permissions: list[str]
    second_factor: bool
    second_factor_missing: bool
    recovery_codes_left: int


class SessionShape(_Told):
    """Hold one of one's own sessions."""

    id: str
    current: bool
    began_at: Moment | None
    seen_at: Moment | None
    ends_at: Moment | None
    address: str
    browser: str


class SessionList(_Told):
    """Hold one's own living sessions, the newest first."""

    sessions: list[SessionShape]


class NewPersonRequest(_Asked):
    """Hold a new account; the person sets a password with the invitation."""

    login: Login
    name: Name
    roles: Roles
    scope: ScopeText


class FirstRequest(_Asked):
    """Hold the first administrator."""

    login: Login
    name: Name
    password: Secret


class PersonRequest(_Asked):
    """Hold what an account is called and may do from now on."""

    name: Name
    roles: Roles
    scope: ScopeText


class DisabledRequest(_Asked):
    """Say whether an account is out of use."""

    disabled: bool


class PersonShape(_Told):
    """Hold an account as administrators see it."""

    id: str
    login: str
    name: str
    roles: list[RoleName]
    scope: str
    has_password: bool
    second_factor: bool
    disabled: bool
    created_at: Moment | None
    created_by: str
    signed_in_at: Moment | None


class PeopleList(_Told):
    """Hold the accounts within one's own territory, by login."""

    people: list[PersonShape]


class Invitation(_Told):
    """Hold the path of a link with which the person sets a password, once, within three days."""

    person: str
    path: str


class NewTokenRequest(_Asked):
    """Hold a new API token. permissions null is all that the roles may; days null lives until revoked."""

    name: Name
    roles: Roles
    scope: ScopeText
    permissions: Annotated[list[str], Field(max_length=len(Permission))] | None = None
    days: Annotated[int, Field(ge=1, le=3650)] | None = 90


class NewToken(_Told):
    """Hold a token's secret, told this once."""

    id: str
    token: str


class TokenShape(_Told):
    """Hold an API token as it is listed."""

    id: str
    name: str
    roles: list[RoleName]
    permissions: list[str] | None
    scope: str
    made_by: str
    made_at: Moment | None
    expires_at: Moment | None
    revoked_at: Moment | None


class TokenList(_Told):
    """Hold the named API tokens within one's own territory, the newest first."""

    tokens: list[TokenShape]
