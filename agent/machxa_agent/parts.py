"""Make the parts of a running agent that take several steps to make."""

from __future__ import annotations

from dataclasses import replace
from typing import Mapping, Optional, Protocol

from machxa_agent import routes
from machxa_agent.configuration import Configuration, Surroundings
from machxa_agent.gateway_work import Works
from machxa_agent.identity import Identity, is_loopback
from machxa_agent.kept_config import KeptConfig
from machxa_agent.limits import GATEWAY, PC, Caps
from machxa_agent.plan import CannotRunError, Plan
from machxa_agent.signature import is_signed
from machxa_agent.unit_role import RoleSurroundings, UnitRole, default_order
from machxa_agent.ways import Ways
from machxa_wire.policy import Policy
from machxa_wire.records import Scalar, Settings
from machxa_wire.refusal import Refused


class Running(Protocol):
    """Be the agent, as far as its parts see it."""

    def change(self, settings: Settings) -> None:
        """Work by other settings."""

    def change_role(self, role: str) -> None:
        """Connect as another role."""

    def event(self, name: str, attributes: Mapping[str, Scalar], ago_seconds: float = 0.0) -> None:
        """Keep an event."""

    def readings(self) -> int:
        """Return how many readings were kept since the start."""

    def is_connected(self) -> bool:
        """Return whether the link is up."""


def caps(role: str, own: Mapping[str, int], policy: Policy) -> Caps:
    """Return what an agent may cost: what its file says, else what its role usually may, within the policy."""
    return replace(GATEWAY if role == "gateway" else PC, **own).within(policy)


def ways(agent: Running, identity: Identity, plan: Plan) -> Ways:
    """Return the ways to the centre: the file's, else those of command line or enrolment; raises CannotRunError."""
    told = plan.paths or (identity.paths if plan.broker is None else ())
    if identity.encryption is None and not all(is_loopback(one.host) for one in told):
        raise CannotRunError("a path leads off this computer, where plain MQTT is refused: enrol again for TLS")

    def worked(name: str, was: Optional[str]) -> None:
        agent.event("machxa.path", {"path": name, "was": was})
        routes.keep(plan.folder, name)

    return Ways(identity, routes.begin(told, plan.folder), worked)


def unit_role(agent: Running, ways: Ways, plan: Plan) -> UnitRole:
    """Return what holds the agent's role."""
    works = Works(plan.works, agent.event)
    around = RoleSurroundings(ways.connected_seconds, ways.cut_off_seconds, works.gone, agent.change_role)
    default = default_order(ways.role, has_file=plan.has_gateway_file)
    role = UnitRole(plan.folder, default, works, agent.event, around)
    ways.role = role.order.role
    return role


def configuration(agent: Running, plan: Plan) -> Configuration:
    """Return the agent's configuration; raises CannotRunError for a key in the file that is none."""
    kept = KeptConfig(plan.folder)
    try:
        key = kept.key(plan.policy_key)
    except Refused as exc:
        raise CannotRunError(f"policy_key in the configuration file cannot be used: {exc}") from exc
    around = Surroundings(agent.change, agent.event, agent.readings, agent.is_connected, is_signed)
    return Configuration(kept, plan.settings, key, around)
