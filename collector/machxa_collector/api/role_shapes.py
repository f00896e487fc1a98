"""Say what answers about roles in units look like, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from machxa_collector.api.shapes import Moment


class PinRequest(BaseModel):
    """Say which role an agent shall have whatever an election would say; pc: none."""

    model_config = ConfigDict(extra="forbid", strict=True)
    role: Literal["gateway", "standby", "pc"]


class PinShape(BaseModel):
    """Hold what a person decided."""

    model_config = ConfigDict(extra="forbid")
    role: str
    by: str
    at: Moment


class RoleShape(BaseModel):
    """Hold an agent's role in its unit; reasons are fixed words, since is null for one that never had another role."""

    model_config = ConfigDict(extra="forbid")
    agent: str
    unit: str | None
    role: Literal["gateway", "standby", "pc"]
    on_duty: bool
    since: Moment | None
    duty_since: Moment | None
    reasons: list[str]
    presence: str
    pin: PinShape | None


class UnitRoles(BaseModel):
    """Hold the roles of a unit's agents, the gateway first."""

    model_config = ConfigDict(extra="forbid")
    unit: str
    agents: list[RoleShape]
