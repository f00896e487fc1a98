"""Say what each role may do: the one table that routes, pages and tokens read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum


class Role(Enum):
    """Name what a person is to the network. A territory says where (docs/decisions/014-people.md)."""

    PROVINCE_IT = "province_it"
    FINANCE = "finance"
    LEADER = "leader"
    CLERK = "clerk"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(Enum):
    """Name what a route asks for; each route asks for exactly one."""

    DESK_READ = "desk.read"  # the duty desk alone: all that a token on a wall may have
    ASSETS_READ = "assets.read"
    ASSETS_WRITE = "assets.write"
    STOCKTAKES_WRITE = "stocktakes.write"
    COSTS_READ = "costs.read"
    UNITS_READ = "units.read"
    UNITS_WRITE = "units.write"
    IMPORTS_WRITE = "imports.write"
    EXPORTS_READ = "exports.read"
    AGENTS_READ = "agents.read"
    AGENTS_MANAGE = "agents.manage"
    DELIVERY_READ = "delivery.read"
    SETTINGS_READ = "settings.read"
    SETTINGS_WRITE = "settings.write"
    POLICIES_READ = "policies.read"
    POLICIES_WRITE = "policies.write"
    MODEL_WRITE = "model.write"
    PAPER_DECLARE = "paper.declare"
    PAPER_WRITE = "paper.write"
    OUTPUTS_ISSUE = "outputs.issue"
    INCIDENTS_READ = "incidents.read"
    INCIDENTS_HANDLE = "incidents.handle"
    REPORTS_READ = "reports.read"
    REPORTS_WRITE = "reports.write"
    REPORTS_LINK = "reports.link"
    SESSIONS_DECLARE = "sessions.declare"
    METRICS_READ = "metrics.read"
    AUDIT_READ = "audit.read"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    TOKENS_MANAGE = "tokens.manage"
    ACCOUNT_OWN = "account.own"


_IT, _FINANCE, _LEADER, _CLERK, _AUDITOR, _ADMIN = Role
_EVERY = frozenset(Role)
_KEEPERS = frozenset({_IT, _ADMIN})
_OVERSEERS = frozenset({_IT, _AUDITOR, _ADMIN})
_ACCOUNTANTS = frozenset({_IT, _FINANCE, _ADMIN})

ALLOWED: Mapping[Permission, frozenset[Role]] = {
    Permission.DESK_READ: _EVERY,
    Permission.ASSETS_READ: _EVERY,
    Permission.ASSETS_WRITE: _ACCOUNTANTS,
    Permission.STOCKTAKES_WRITE: _EVERY - {_AUDITOR},
    Permission.COSTS_READ: _ACCOUNTANTS | {_AUDITOR},
    Permission.UNITS_READ: _EVERY,
    Permission.UNITS_WRITE: _KEEPERS,
    Permission.IMPORTS_WRITE: _ACCOUNTANTS,
    Permission.EXPORTS_READ: _EVERY - {_CLERK},
    Permission.AGENTS_READ: _EVERY,
    Permission.AGENTS_MANAGE: _KEEPERS,
    Permission.DELIVERY_READ: _OVERSEERS,
    Permission.SETTINGS_READ: _OVERSEERS,
    Permission.SETTINGS_WRITE: _KEEPERS,
    Permission.POLICIES_READ: _OVERSEERS,
    Permission.POLICIES_WRITE: _KEEPERS,
    Permission.MODEL_WRITE: _KEEPERS,
    Permission.PAPER_DECLARE: frozenset({_LEADER, _ADMIN}),
    Permission.PAPER_WRITE: frozenset({_IT, _LEADER, _CLERK, _ADMIN}),
    Permission.OUTPUTS_ISSUE: _EVERY - {_AUDITOR},
    Permission.INCIDENTS_READ: _EVERY,
    Permission.INCIDENTS_HANDLE: _KEEPERS,
    Permission.REPORTS_READ: _EVERY,
    Permission.REPORTS_WRITE: frozenset({_IT, _LEADER, _CLERK, _ADMIN}),
    Permission.REPORTS_LINK: frozenset({_IT, _LEADER, _ADMIN}),
    Permission.SESSIONS_DECLARE: frozenset({_IT, _LEADER, _CLERK, _ADMIN}),
    Permission.METRICS_READ: _OVERSEERS,
    Permission.AUDIT_READ: frozenset({_AUDITOR, _ADMIN}),
    Permission.PEOPLE_READ: frozenset({_AUDITOR, _ADMIN}),
    Permission.PEOPLE_MANAGE: frozenset({_ADMIN}),
    Permission.TOKENS_MANAGE: frozenset({_ADMIN}),
    Permission.ACCOUNT_OWN: _EVERY,
}

NEED_SECOND_FACTOR = frozenset({_IT, _FINANCE, _ADMIN})  # OWASP ASVS 5.0, 6.3.3; leaders and clerks may


def allowed_to(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return everything that somebody with these roles may do."""
    held = frozenset(roles)
    return frozenset(permission for permission, allowed in ALLOWED.items() if allowed & held)
