"""Turn the rows of a file into what would change in the registry: headings to fields, rows to records. Pure."""

from machxa_collector.registry.sheets.judging import Judge, Outcome, Problem, Verdict
from machxa_collector.registry.sheets.layout import Column, Layout, find_layout, with_columns
from machxa_collector.registry.sheets.plan import Change, Plan, Tally, plan, tally
from machxa_collector.registry.sheets.rows import ID, MOST_COLUMNS, MOST_ROWS, BadFile, Row, Rows
from machxa_collector.registry.sheets.standing import Kept, Standing

__all__ = [
    "ID", "MOST_COLUMNS", "MOST_ROWS", "BadFile", "Change", "Column", "Judge", "Kept", "Layout", "Outcome", "Plan",
    "Problem", "Row", "Rows", "Standing", "Tally", "Verdict", "find_layout", "plan", "tally", "with_columns",
]  # fmt: skip
