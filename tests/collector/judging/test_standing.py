"""What lasts for longer than the judgement's day is not over because the judgement begins anew."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert

from machxa_collector.judging.standing import stood
from machxa_collector.store import heard, tables
from machxa_wire.downward import decode_presence
from machxa_wire.encode import encode, encode_presence
from machxa_wire.records import Event, Place, Presence, Stamp
from tests.collector.builders import MIDNIGHT, STREAM
from tests.collector.judging.centre import Centre

DAY_MS = 86_400_000


@pytest.mark.parametrize("days", [2, 9])
def test_a_site_that_is_cut_off_for_days_stays_so(store: Engine, days: int) -> None:
    centre = Centre(store)
    centre.run(centre.heard(), centre.world.truth.start + 28 * 60_000)
    [known] = centre.incidents()

    centre.now += days * DAY_MS
    heard.prune(store, centre.now)
    centre.judging = centre.begun()
    centre.judging.turn()

    [after] = centre.incidents()
    assert (after.id, after.started_at, after.ended_at) == (known.id, known.started_at, None)


def test_who_was_elected_while_connected_is_here_since_it_came_in_the_role_that_it_has(store: Engine) -> None:
    roles = ("pc", "gateway", "gateway")
    rows = [
        {
            "received_at": MIDNIGHT + at,
            "agent_pk": 1,
            "is_presence": True,
            "payload": encode_presence(Presence("on", "0badcafe.1", role)),
        }
        for at, role in enumerate(roles)
    ]
    with store.begin() as connection:
        connection.execute(insert(tables.heard), rows)

    (found,) = stood(store, MIDNIGHT + 9)

    assert (found.received_at, decode_presence(found.payload).role) == (MIDNIGHT, "gateway")


def test_what_was_repeated_or_is_told_of_later_counts_as_it_first_came(store: Engine) -> None:
    lost, on = (encode_presence(Presence(state, "0badcafe.1")) for state in ("lost", "on"))
    line = [
        encode(
            Event(Place(STREAM, seq), Stamp("0badcafe.1", MIDNIGHT, 1), "line.state", {"line": name, "state": state})
        )
        for seq, (name, state) in enumerate((("internet", "up"), ("tslcd", "down"), ("internet", "down")), 1)
    ]
    said = [(2, True, on), (3, True, lost), (4, False, line[0]), (5, True, lost), (6, False, line[1])]
    said += [(7, False, line[2]), (8, False, b"{"), (9, False, line[0])]
    rows = [
        {"received_at": MIDNIGHT + at, "agent_pk": 1, "is_presence": here, "payload": one} for at, here, one in said
    ]
    with store.begin() as connection:
        connection.execute(insert(tables.heard), rows)

    found = stood(store, MIDNIGHT + 9)

    assert [(one.received_at - MIDNIGHT, one.payload) for one in found] == [(3, lost), (6, line[1]), (7, line[2])]
