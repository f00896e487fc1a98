"""Tell what an outage does to dossiers: held up, caught up, at risk, explained; pure functions over stored facts."""

from machxa_collector.impact.capability import Pace, Remote, Stock, of_remote, of_stock
from machxa_collector.impact.counts import DayCount
from machxa_collector.impact.delay import Delay, Interruption, delay, overtime
from machxa_collector.impact.explained import Explained, Input, Measure, Missing
from machxa_collector.impact.factor import State, stage_factor, through_line
from machxa_collector.impact.flow import FlowProfile, Level, learn_flows
from machxa_collector.impact.held import StreamHeld, UnitHeld, held_up
from machxa_collector.impact.model import BadModel, Kind, Model, Need, default_model, read_model
from machxa_collector.impact.outages import Broken, Impaired, Outage, Paper, Unit, joint_state
from machxa_collector.impact.overdue import Confidence, Evidence, Explanation, Overdue, explain
from machxa_collector.impact.recorded import Gap, Recorded, recorded_late
from machxa_collector.impact.risk import (
    AtRisk,
    OpenDossier,
    RiskList,
    at_risk,
    newly_overdue,
    queue_wait,
    remaining_repair,
)
from machxa_collector.impact.severity import Effect, Judged, Rule, Severity, judge, notify_from
from machxa_collector.impact.words import Cause, Channel, Group, Health, Span, Stage, System

__all__ = [
    "AtRisk",
    "BadModel",
    "Broken",
    "Cause",
    "Channel",
    "Confidence",
    "DayCount",
    "Delay",
    "Effect",
    "Evidence",
    "Explained",
    "Explanation",
    "FlowProfile",
    "Gap",
    "Group",
    "Health",
    "Impaired",
    "Input",
    "Interruption",
    "Judged",
    "Kind",
    "Level",
    "Measure",
    "Missing",
    "Model",
    "Need",
    "OpenDossier",
    "Outage",
    "Overdue",
    "Pace",
    "Paper",
    "Recorded",
    "Remote",
    "RiskList",
    "Rule",
    "Severity",
    "Span",
    "Stage",
    "State",
    "Stock",
    "StreamHeld",
    "System",
    "Unit",
    "UnitHeld",
    "at_risk",
    "default_model",
    "delay",
    "explain",
    "held_up",
    "joint_state",
    "judge",
    "learn_flows",
    "newly_overdue",
    "notify_from",
    "of_remote",
    "of_stock",
    "overtime",
    "queue_wait",
    "read_model",
    "recorded_late",
    "remaining_repair",
    "stage_factor",
    "through_line",
]
