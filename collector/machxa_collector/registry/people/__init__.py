"""Know who may do what, and where: roles, one table of permissions, territory, passwords and second factors. Pure."""

from machxa_collector.registry.people.principal import (
    BY_LINK,
    NOBODY,
    OPERATOR,
    THIS_COMPUTER,
    Principal,
    principal_with,
)
from machxa_collector.registry.people.roles import ALLOWED, Permission, Role, allowed_to
from machxa_collector.registry.people.scope import NATION, BadScope, Reach, Scope, read_scope

__all__ = [
    "ALLOWED", "BY_LINK", "NATION", "NOBODY", "OPERATOR", "THIS_COMPUTER", "BadScope", "Permission", "Principal",
    "Reach", "Role", "Scope", "allowed_to", "principal_with", "read_scope",
]  # fmt: skip
