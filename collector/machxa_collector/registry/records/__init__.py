"""Keep the registry's records: what kinds there are, what their fields may hold, and how cells become values. Pure."""

from machxa_collector.registry.records.cells import SEPARATOR, BadCell, Cell, Got, Known, read, show
from machxa_collector.registry.records.checks import calendar_row, faults
from machxa_collector.registry.records.fields import Choice, Field, Form, Record, RecordKind, Told, Value
from machxa_collector.registry.records.kinds import KINDS

__all__ = [
    "KINDS", "SEPARATOR", "BadCell", "Cell", "Choice", "Field", "Form", "Got", "Known", "Record", "RecordKind", "Told",
    "Value", "calendar_row", "faults", "read", "show",
]  # fmt: skip
