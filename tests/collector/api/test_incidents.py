"""Incidents are listed to whose units they touch, opened to their evidence, and keep what people do about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from machxa_collector.api.app import create_app
from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import NEEDS, Act, ActKind
from machxa_collector.incidents.incident import Evidence, Incident, Why
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.pages import pages
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people import Role
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import audit, incidents
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import put_assets
from tests.collector.builders import MIDNIGHT, assert_problem

LINE = Incident(
    id="aa" * 8,
    cause=Cause.LINE,
    layer=Layer.WAN,
    subject="29374",
    state="down",
    units=("29374",),
    started_at=MIDNIGHT - 600_000,
    noticed_at=MIDNIGHT - 540_000,
    ended_at=None,
    severity=Severity.P2,
    confidence=0.9,
    witnesses=2,
    evidence=(Evidence(kind="line_down", source="29374", at=MIDNIGHT - 600_000),),
    children=3,
    first_cause=None,
    reports=1,
    suppressed_by=None,
    why=(Why(code="reach", figures={"share": 0.5}),),
)
ENDED = replace(LINE, id="bb" * 8, subject="<b>x</b>", units=("29398",), ended_at=MIDNIGHT - 1, noticed_at=MIDNIGHT - 9)
CHILD = replace(LINE, id="cc" * 8, cause=Cause.DEVICE, subject="29374/pc1", merged_into=LINE.id)
HA_NOI = replace(LINE, id="dd" * 8, subject="00004", units=("00004",))


@pytest.fixture
def admin(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who came by the one-time link, in a centre that judged four incidents."""
    client.get("/sign-in", params={"token": centre.token(Purpose.SIGN_IN, uses=1)})
    incidents.save(centre.store, [LINE, ENDED, CHILD, HA_NOI])
    return client


@pytest.fixture
def browser(centre: Centre) -> Iterator[TestClient]:
    """Return a caller of API and pages beyond loopback, in the same centre."""
    incidents.save(centre.store, [LINE, ENDED, CHILD, HA_NOI])
    app = create_app(deps := centre.deps(loopback_open=False), pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        yield caller


def listed(caller: TestClient, asked: str = "") -> list[str]:
    return [one["id"] for one in caller.get(f"/api/v1/incidents{asked}").json()["incidents"]]


def test_those_that_nothing_explains_are_listed_newest_first(admin: TestClient) -> None:
    assert (listed(admin), listed(admin, "?open=true")) == ([ENDED.id, HA_NOI.id, LINE.id], [HA_NOI.id, LINE.id])
    assert listed(admin, "?open=false&unit=29398&cause=line") == [ENDED.id]
    assert [listed(admin, one) for one in ("?cause=power", "?from=2024-10-03T23:59:59.990Z")] == [[], [ENDED.id]]


def test_pages_follow_each_other_without_a_hole(admin: TestClient) -> None:
    found, cursor = [], ""
    while cursor is not None:
        page = admin.get("/api/v1/incidents", params={"limit": 1, "cursor": cursor}).json()
        found += [one["id"] for one in page["incidents"]]
        cursor = page["next"]
    assert found == [ENDED.id, HA_NOI.id, LINE.id]


def test_an_incident_opens_to_its_evidence_and_what_it_explains(admin: TestClient) -> None:
    one = admin.get(f"/api/v1/incidents/{LINE.id}").json()

    assert one["subject_name"] == one["unit_names"]["29374"] == "Xã Châu Thành"
    assert one["evidence"] == [
        {"kind": "line_down", "source": "29374", "source_name": "Xã Châu Thành", "at": "2024-10-03T23:50:00.000Z"}
    ]
    assert one["why"] == [{"code": "reach", "figures": {"share": 0.5}}]
    assert [child["id"] for child in one["explains"]] == [CHILD.id]
    assert (one["severity"], one["revised"], one["ended_at"]) == ("P2", False, None)
    assert_problem(admin.get("/api/v1/incidents/none"), 404)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"kind": "acknowledge"}, {"acknowledged_by": "link", "acknowledged_at": "2024-10-04T00:00:00.000Z"}),
        ({"kind": "own", "owner": "Tổ CNTT"}, {"owner": "Tổ CNTT"}),
        ({"kind": "hand_over", "to": "VNPT"}, {"owner": "VNPT"}),
        ({"kind": "promise", "until": MIDNIGHT}, {"until": "2024-10-04T00:00:00.000Z"}),
        ({"kind": "ticket", "number": "INC1", "at": "VNPT"}, {"tickets": [["INC1", "VNPT"]]}),
        ({"kind": "overrule", "cause": "power", "reason": "EVN"}, {"overruled": "power", "overruled_because": "EVN"}),
        ({"kind": "merge", "into": HA_NOI.id}, {"merged_into": HA_NOI.id}),
        ({"kind": "close", "reason": "xong"}, {"is_closed": True, "is_false": False}),
        ({"kind": "false_alarm", "reason": "thử"}, {"is_closed": True, "is_false": True}),
    ],
)
def test_what_people_do_is_kept_in_history_and_audit(
    centre: Centre, admin: TestClient, asked: dict[str, object], told: dict[str, object]
) -> None:
    answer = admin.post(f"/api/v1/incidents/{LINE.id}/acts", json=asked)

    assert answer.status_code == 201, answer.text
    assert {name: answer.json()["handling"][name] for name in told} == told
    assert [act["kind"] for act in answer.json()["acts"]] == [asked["kind"]]
    assert [one.action for one in audit.every(centre.store)][-1] == f"incident.{asked['kind']}"


def test_what_was_closed_is_opened_again_and_both_stay_told(admin: TestClient) -> None:
    for asked in (
        {"kind": "false_alarm", "reason": "a"},
        {"kind": "reopen", "reason": "b"},
        {"kind": "note", "text": "c"},
    ):
        answer = admin.post(f"/api/v1/incidents/{LINE.id}/acts", json=asked)

    assert (answer.json()["handling"]["is_closed"], answer.json()["handling"]["is_false"]) == (False, False)
    assert [act["kind"] for act in answer.json()["acts"]] == ["false_alarm", "reopen", "note"]


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "own"},
        {"kind": "acknowledge", "reason": "x"},
        {"kind": "note", "text": ""},
        {"kind": "note", "text": "x" * 1001},
        {"kind": "merge", "into": LINE.id},
        {"kind": "merge", "into": "ee" * 8},
        {"kind": "merge", "into": CHILD.id},
        {"kind": "overrule", "cause": "ghosts", "reason": "x"},
        {"kind": "vanish"},
    ],
)
def test_an_act_that_lacks_or_adds_something_is_refused(
    centre: Centre, admin: TestClient, asked: dict[str, object]
) -> None:
    assert_problem(admin.post(f"/api/v1/incidents/{LINE.id}/acts", json=asked), 422)
    assert incidents.acts_of(centre.store, [LINE.id]) == {}


def test_incidents_are_never_made_parts_of_each_other_in_a_circle(admin: TestClient) -> None:
    def merged(one: Incident, into: Incident) -> object:
        return admin.post(f"/api/v1/incidents/{one.id}/acts", json={"kind": "merge", "into": into.id}).status_code

    assert [merged(LINE, HA_NOI), merged(HA_NOI, ENDED)] == [201, 201]
    assert [merged(ENDED, LINE), merged(HA_NOI, LINE)] == [422, 422]
    admin.post(f"/api/v1/incidents/{LINE.id}/acts", json={"kind": "split", "reason": "nhầm"})
    assert merged(ENDED, LINE) == 201


def test_every_kind_of_act_says_what_it_needs() -> None:
    assert set(NEEDS) == set(ActKind)


def test_another_territory_s_incident_is_not_there(centre: Centre, browser: TestClient) -> None:
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)

    assert HA_NOI.id not in listed(browser)
    assert_problem(browser.get(f"/api/v1/incidents/{HA_NOI.id}"), 404)
    assert_problem(browser.post(f"/api/v1/incidents/{HA_NOI.id}/acts", json={"kind": "acknowledge"}), 404)
    assert_problem(browser.post(f"/api/v1/incidents/{LINE.id}/acts", json={"kind": "merge", "into": HA_NOI.id}), 422)


def test_the_pages_show_it_and_take_an_act(centre: Centre, browser: TestClient) -> None:
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)

    there = browser.get("/incidents?all=1&lang=vi")
    act = browser.post(f"/incidents/{LINE.id}/acts", data={"kind": "promise", "until": "2024-10-04T09:30"})
    one = browser.get(f"/incidents/{LINE.id}?lang=vi")
    refused = browser.post(f"/incidents/{LINE.id}/acts", data={"kind": "own"})

    assert (there.status_code, act.status_code, one.status_code, refused.status_code) == (200, 303, 200, 422)
    assert "Đường truyền của đơn vị" in there.text
    assert "&lt;b&gt;x" in there.text
    assert "<b>x" not in there.text
    assert "04/10/2024 09:30" in one.text


def test_what_an_agent_calls_a_line_is_shown_as_text(centre: Centre, browser: TestClient) -> None:
    incidents.save(centre.store, [replace(LINE, state="<i>x</i> 100%_down")])
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)

    shown = [browser.get(page) for page in ("/incidents?lang=en", f"/incidents/{LINE.id}?lang=en")]

    assert [page.status_code for page in shown] == [200, 200]
    assert all("&lt;i&gt;x&lt;/i&gt; 100%_down" in page.text and "<i>x" not in page.text for page in shown)


def test_what_hangs_below_it_elsewhere_is_not_told(centre: Centre, browser: TestClient) -> None:
    incidents.save(centre.store, [replace(HA_NOI, merged_into=LINE.id)])
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="86"), Role.PROVINCE_IT)

    told = browser.get(f"/api/v1/incidents/{LINE.id}").json()

    assert [one["id"] for one in told["explains"]] == [CHILD.id]


def test_a_clerk_reads_and_is_offered_nothing_to_do(centre: Centre, browser: TestClient) -> None:
    seat(centre, browser, somebody(centre, Role.CLERK, scope="86"), Role.CLERK)

    one = browser.get(f"/incidents/{LINE.id}?lang=en")

    assert one.status_code == 200
    assert "Several systems cannot be reached from here" in one.text
    assert "line down" in one.text
    assert 'method="post"' not in one.text  # the search in the head asks, and changes nothing
    assert browser.post(f"/incidents/{LINE.id}/acts", data={"kind": "acknowledge"}).status_code == 403


WIDE = replace(
    LINE,
    id="ab" * 8,
    cause=Cause.PROVIDER,
    subject="VNPT",
    units=("00004", "29374", "29398"),
    evidence=tuple(Evidence(kind="cut", source=unit, at=MIDNIGHT) for unit in ("00004", "29374", "29398")),
)


@pytest.mark.parametrize(
    ("scope", "units", "others", "may_close"),
    [
        pytest.param("29374", ["29374"], 2, False, id="of one commune"),
        pytest.param("29374 29398", ["29374", "29398"], 1, False, id="of two"),
        pytest.param("00004 29374 29398", ["00004", "29374", "29398"], 0, True, id="of all three"),
        pytest.param("86", ["29374", "29398"], 1, True, id="of the province"),
        pytest.param("nation", ["00004", "29374", "29398"], 0, True, id="of the nation"),
    ],
)
def test_of_an_incident_that_spans_units_others_are_counted_not_named(
    centre: Centre, browser: TestClient, scope: str, units: list[str], others: int, *, may_close: bool
) -> None:
    incidents.save(centre.store, [WIDE])
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope=scope), Role.PROVINCE_IT)

    told = browser.get(f"/api/v1/incidents/{WIDE.id}").json()
    hidden = sorted({"00004", "29374", "29398"} - set(units))
    asked_for_others = [listed(browser, f"?cause=provider&unit={code}") for code in hidden]
    noted = browser.post(f"/api/v1/incidents/{WIDE.id}/acts", json={"kind": "note", "text": "x"})
    closed = browser.post(f"/api/v1/incidents/{WIDE.id}/acts", json={"kind": "close", "reason": "x"})
    page = browser.get(f"/incidents/{WIDE.id}?lang=en").text

    assert (told["units"], told["other_units"], told["other_evidence"]) == (units, others, others)
    assert [one["source"] for one in told["evidence"]] == sorted(told["unit_names"]) == units
    assert [code for code in hidden if code in str(told)] == []
    assert asked_for_others == [[] for _ in hidden]
    assert (noted.status_code, closed.status_code) == (201, 201 if may_close else 403)
    assert ('value="own"' in page) is may_close
    assert 'value="note"' in page


def test_nobody_makes_an_incident_of_others_a_part_of_their_own(centre: Centre, browser: TestClient) -> None:
    incidents.save(centre.store, [WIDE])
    seat(centre, browser, somebody(centre, Role.PROVINCE_IT, scope="29374"), Role.PROVINCE_IT)

    into = browser.post(f"/api/v1/incidents/{LINE.id}/acts", json={"kind": "merge", "into": WIDE.id})
    away = browser.post(f"/api/v1/incidents/{WIDE.id}/acts", json={"kind": "merge", "into": LINE.id})

    assert (into.status_code, away.status_code) == (403, 403)


def test_a_witness_is_named_by_its_computer(centre: Centre, admin: TestClient) -> None:
    [(asset, agent)] = put_assets(centre.store, "29374", 1, seed=1)
    signs = tuple(Evidence(kind="alive", source=source, at=MIDNIGHT) for source in (agent, asset, "nothing known"))
    incidents.save(centre.store, [replace(LINE, evidence=signs)])

    told = admin.get(f"/api/v1/incidents/{LINE.id}").json()["evidence"]

    assert [one["source_name"] for one in told] == [f"SECRET-{asset[:4]}"] * 2 + [None]


def test_what_ended_three_years_ago_is_forgotten_with_all_that_hangs_on_it(centre: Centre) -> None:
    long_ago = replace(ENDED, ended_at=MIDNIGHT - incidents.KEPT_MS - 1)
    incidents.save(centre.store, [long_ago, replace(LINE, started_at=1)])
    act = Act(at=1, actor="lan", kind=ActKind.NOTE, detail={"text": "x"})
    incidents.add_act(centre.store, ENDED.id, act, Entry(at=1, actor="lan", action="incident.note", subject="x"))

    gone = incidents.prune(centre.store, MIDNIGHT)

    assert gone == 1
    assert incidents.acts_of(centre.store, [ENDED.id]) == {}
    assert [one.id for one in incidents.page(centre.store, EVERYWHERE, incidents.Wanted(), None, 9)] == [LINE.id]
