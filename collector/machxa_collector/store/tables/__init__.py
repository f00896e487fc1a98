"""Name every table of the collector."""

from machxa_collector.store.tables.audit import audit, audit_head, audit_roots, secrets
from machxa_collector.store.tables.base import metadata
from machxa_collector.store.tables.certificates import certificates, enrolment_requests
from machxa_collector.store.tables.context import context_values
from machxa_collector.store.tables.devices import devices
from machxa_collector.store.tables.dossiers import (
    dossier_counts,
    dossier_files,
    dossier_imports,
    dossier_mappings,
    dossier_pulls,
    dossier_sources,
    dossiers,
)
from machxa_collector.store.tables.duty import desk_hours
from machxa_collector.store.tables.foundation import (
    agents,
    assets,
    chunks,
    clocks,
    events,
    facts,
    hellos,
    open_columns,
    presence,
    quarantine,
    refusals,
    reports,
    settings,
    spans,
    streams,
    tokens,
)
from machxa_collector.store.tables.human import human_reports, report_gates, stock_counts
from machxa_collector.store.tables.incidents import (
    heard,
    incident_acts,
    incident_notices,
    incident_units,
    incidents,
)
from machxa_collector.store.tables.members import member_leader, member_turn, members
from machxa_collector.store.tables.models import impact_models
from machxa_collector.store.tables.notify import notify_channels, notify_lines, notify_messages, notify_wishes
from machxa_collector.store.tables.paper import documents, paper_lines, paper_spells
from machxa_collector.store.tables.people import api_tokens, invitations, people, recovery_codes, sessions
from machxa_collector.store.tables.photos import report_photos
from machxa_collector.store.tables.planning import planning_files, planning_papers
from machxa_collector.store.tables.policies import policies, policy_keys, rollouts, settings_versions
from machxa_collector.store.tables.registry import (
    batches,
    calendars,
    changes,
    contacts,
    counters,
    identifiers,
    identity_findings,
    imports,
    lines,
    mappings,
    merges,
    places,
    planned,
    preferences,
    repairs,
    units,
)
from machxa_collector.store.tables.roles import attendance, role_pins, unit_roles
from machxa_collector.store.tables.schedules import report_runs, report_schedules
from machxa_collector.store.tables.sinks import glpi_sent, sink_places
from machxa_collector.store.tables.stocktakes import stocktake_marks, stocktakes
from machxa_collector.store.tables.systems import system_catalogues, system_hours
from machxa_collector.store.tables.terms import asset_terms, asset_terms_due

__all__ = [
    "agents",
    "api_tokens",
    "asset_terms",
    "asset_terms_due",
    "assets",
    "attendance",
    "audit",
    "audit_head",
    "audit_roots",
    "batches",
    "calendars",
    "certificates",
    "changes",
    "chunks",
    "clocks",
    "contacts",
    "context_values",
    "counters",
    "desk_hours",
    "devices",
    "documents",
    "dossier_counts",
    "dossier_files",
    "dossier_imports",
    "dossier_mappings",
    "dossier_pulls",
    "dossier_sources",
    "dossiers",
    "enrolment_requests",
    "events",
    "facts",
    "glpi_sent",
    "heard",
    "hellos",
    "human_reports",
    "identifiers",
    "identity_findings",
    "impact_models",
    "imports",
    "incident_acts",
    "incident_notices",
    "incident_units",
    "incidents",
    "invitations",
    "lines",
    "mappings",
    "member_leader",
    "member_turn",
    "members",
    "merges",
    "metadata",
    "notify_channels",
    "notify_lines",
    "notify_messages",
    "notify_wishes",
    "open_columns",
    "paper_lines",
    "paper_spells",
    "people",
    "places",
    "planned",
    "planning_files",
    "planning_papers",
    "policies",
    "policy_keys",
    "preferences",
    "presence",
    "quarantine",
    "recovery_codes",
    "refusals",
    "repairs",
    "report_gates",
    "report_photos",
    "report_runs",
    "report_schedules",
    "reports",
    "role_pins",
    "rollouts",
    "secrets",
    "sessions",
    "settings",
    "settings_versions",
    "sink_places",
    "spans",
    "stock_counts",
    "stocktake_marks",
    "stocktakes",
    "streams",
    "system_catalogues",
    "system_hours",
    "tokens",
    "unit_roles",
    "units",
]
