"""What Windows' service manager says, and what the agent makes of it."""

from __future__ import annotations

from typing import Tuple

import pytest

from machxa_agent.service import controls
from machxa_agent.service.controls import (
    LOG_OFF,
    LOG_ON,
    POWER_EVENT,
    PRESHUTDOWN,
    RESUME_AUTOMATIC,
    RESUME_SUSPEND,
    SESSION_CHANGE,
    SHUTDOWN,
    STOP,
    SUSPEND,
    Act,
    State,
    Verb,
)

Heard = Tuple[int, int, float]


def _acts(*heard: Heard) -> list[Act | None]:
    state, acts = State(), []
    for code, kind, now in heard:
        state, act = controls.heard(state, code, kind, now)
        acts.append(act)
    return acts


@pytest.mark.parametrize(
    ("heard", "last"),
    [
        pytest.param([(STOP, 0, 1.0)], Act(Verb.STOP, "stop"), id="somebody stops it"),
        pytest.param([(SHUTDOWN, 0, 1.0)], Act(Verb.STOP, "shutdown"), id="the system goes down"),
        pytest.param([(PRESHUTDOWN, 0, 1.0)], Act(Verb.STOP, "shutdown"), id="the system is about to go down"),
        pytest.param([(PRESHUTDOWN, 0, 1.0), (STOP, 0, 2.0)], None, id="one good-bye is enough"),
        pytest.param([(0x4, 0, 1.0)], None, id="a question about its state"),
        pytest.param([(POWER_EVENT, SUSPEND, 5.0)], Act(Verb.SLEEP, "sleep"), id="a closed lid"),
        pytest.param([(POWER_EVENT, SUSPEND, 5.0), (POWER_EVENT, SUSPEND, 5.1)], None, id="asleep already"),
        pytest.param([(POWER_EVENT, RESUME_AUTOMATIC, 5.0)], None, id="awake already"),
        pytest.param([(POWER_EVENT, 0xA, 5.0)], None, id="the mains came or went"),
        pytest.param(
            [(SESSION_CHANGE, LOG_OFF, 10.0), (POWER_EVENT, SUSPEND, 70.0)],
            Act(Verb.SLEEP, "shutdown"),
            id="Fast Startup: all logged off, asleep within the minute",
        ),
        pytest.param(
            [(SESSION_CHANGE, LOG_OFF, 10.0), (POWER_EVENT, SUSPEND, 70.1)],
            Act(Verb.SLEEP, "sleep"),
            id="logged off, and it fell asleep later",
        ),
        pytest.param(
            [(SESSION_CHANGE, LOG_OFF, 10.0), (SESSION_CHANGE, LOG_ON, 20.0), (POWER_EVENT, SUSPEND, 30.0)],
            Act(Verb.SLEEP, "sleep"),
            id="somebody else logged on meanwhile",
        ),
        pytest.param([(SESSION_CHANGE, 0x7, 10.0), (SESSION_CHANGE, LOG_OFF, 11.0)], None, id="sessions are not told"),
        pytest.param(
            [(POWER_EVENT, SUSPEND, 5.0), (POWER_EVENT, RESUME_AUTOMATIC, 9.0)],
            Act(Verb.WAKE),
            id="awake again",
        ),
        pytest.param(
            [(POWER_EVENT, SUSPEND, 5.0), (POWER_EVENT, RESUME_AUTOMATIC, 9.0), (POWER_EVENT, RESUME_SUSPEND, 9.1)],
            None,
            id="awake is told once",
        ),
        pytest.param(
            [(SESSION_CHANGE, LOG_OFF, 1.0), (POWER_EVENT, SUSPEND, 2.0), (POWER_EVENT, RESUME_SUSPEND, 3.0)],
            Act(Verb.WAKE),
            id="started again by Fast Startup",
        ),
        pytest.param(
            [
                (SESSION_CHANGE, LOG_OFF, 1.0),
                (POWER_EVENT, SUSPEND, 2.0),
                (POWER_EVENT, RESUME_SUSPEND, 3.0),
                (POWER_EVENT, SUSPEND, 4.0),
            ],
            Act(Verb.SLEEP, "sleep"),
            id="a log-off counts for one sleep",
        ),
    ],
)
def test_a_control_means(heard: list[Heard], last: Act | None) -> None:
    assert _acts(*heard)[-1] == last
