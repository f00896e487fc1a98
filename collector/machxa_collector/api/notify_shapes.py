"""Say what answers and requests about channels and notices look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from machxa_collector.api.shapes import Cursor, Moment

Level = Literal["P1", "P2", "P3", "P4"]
Clock = Annotated[str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
ChannelKind = Literal["email", "webhook", "apprise"]
ChannelId = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9-]{0,38}$")]
_Setting = Annotated[str, StringConstraints(max_length=20_000)]
_Address = Annotated[str, StringConstraints(max_length=254)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class WishesShape(_Shape):
    """Hold how somebody wishes to be told; times of day are Viet Nam's, quiet null: never quiet."""

    language: Literal["vi", "en"] = "vi"
    least: Level = "P3"
    least_digest: Level = "P4"
    quiet: Annotated[list[Clock], Field(min_length=2, max_length=2)] | None = ["21:00", "06:00"]
    urgent_passes: bool = True
    digest: Annotated[list[Clock], Field(min_length=1, max_length=6)] = ["07:30", "16:30"]
    budget: Annotated[int, Field(ge=4, le=1000)] = 12
    tell_ended: bool = True


class RulesShape(WishesShape):
    """Hold what a channel itself is told: wishes, and of which territory (nation, a province, or units)."""

    scope: Annotated[str, StringConstraints(min_length=2, max_length=2000)] = "nation"
    budget: Annotated[int, Field(ge=4, le=1000)] = 200


class ChannelShape(_Shape):
    """Hold what may be told of a channel: shown is its host alone.

    rules null: it only carries what persons are told. state: off, untried, delivers, failing, or dead (failing for ten
    minutes, an incident of its own). error says why it failed last, in words of ours.
    """

    id: str
    kind: ChannelKind
    shown: str
    rules: RulesShape | None
    enabled: bool
    changed_at: Moment | None
    changed_by: str
    state: Literal["off", "untried", "delivers", "failing", "dead"]
    failing_since: Moment | None
    delivered_at: Moment | None
    error: str | None
    waiting: int


class ChannelList(_Shape):
    """Hold all channels by id."""

    channels: list[ChannelShape]


class ChannelChange(_Request):
    """Say how a channel is to be; settings are its kind's (docs/notify.md), left out: as they were."""

    kind: ChannelKind
    settings: dict[str, _Setting | int | list[_Address] | None] | None = None
    rules: RulesShape | None = None
    enabled: bool = True


class ChannelRequest(ChannelChange):
    """Say which channel to add."""

    id: ChannelId


class TestRequest(_Request):
    """Say to which address a test by e-mail goes; null: the channel's own."""

    __test__ = False
    to: _Address | None = None


class TestResult(_Shape):
    """Say whether the other side took the test, and why not."""

    __test__ = False
    ok: bool
    error: str | None


class TextShape(_Shape):
    """Hold a text in both languages."""

    vi: str
    en: str


class NoticeShape(_Shape):
    """Hold one notice as it was told: at once or a digest, by which channel (null: in-app alone), and how that went."""

    id: int
    at: Moment
    kind: Literal["now", "digest"]
    severity: Level
    subject: TextShape
    text: TextShape
    incidents: list[str]
    channel: str | None
    state: Literal["waiting", "sent", "failed", "shown"]
    error: str | None
    read_at: Moment | None


class NoticePage(_Shape):
    """Hold one's own notices, the newest first; waiting: so many things wait for the digest at next_digest_at."""

    notices: list[NoticeShape]
    unread: int
    waiting: int
    next_digest_at: Moment
    next: Cursor


class ReadRequest(_Request):
    """Say up to which notice all are read."""

    upto: Annotated[int, Field(ge=0, le=2**53)]


class ReadResult(_Shape):
    """Say how many were new."""

    read: int


class Choice(_Shape):
    """Name a channel that a person may choose."""

    id: str
    kind: ChannelKind


class WishesAnswer(_Shape):
    """Hold one's own wishes, the channel chosen (null: in-app alone), and which there are; an address is never told."""

    wishes: WishesShape
    channel: str | None
    has_address: bool
    choices: list[Choice]


class WishesRequest(_Request):
    """Say how one wishes to be told; address left out or null: as it was, empty: forgotten."""

    wishes: WishesShape
    channel: ChannelId | None = None
    address: _Address | None = None


class StepShape(_Shape):
    """Hold one rung: after so many working minutes unanswered, to person/LOGIN (or its id) or channel/ID."""

    after_minutes: Annotated[int, Field(ge=1, le=2400)]
    to: Annotated[list[Annotated[str, StringConstraints(max_length=59)]], Field(min_length=1, max_length=20)]


class EscalationShape(_Shape):
    """Hold the ladder for what is this grave or graver."""

    least: Level = "P2"
    steps: Annotated[list[StepShape], Field(max_length=5)] = []


class PolicyShape(_Shape):
    """Hold what holds for all: the address that links begin with (empty: none), and the escalation."""

    base_url: Annotated[str, StringConstraints(max_length=200, pattern=r"^(https?://[!-~]+)?$")] = ""
    escalation: EscalationShape = EscalationShape()
