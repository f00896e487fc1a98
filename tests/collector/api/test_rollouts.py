from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.policies import new_key, sign
from machxa_collector.registry.tokens import Purpose
from machxa_collector.store import audit, policies
from tests.collector.api.conftest import Centre

BODY = {
    "version": 4,
    "hosts": ["dichvucong.gov.vn:443"],
    "checks": ["portal"],
    "bounds": {"sample_seconds": [30, 600], "batch_seconds": [60, 3600]},
}


@pytest.fixture
def keeper(centre: Centre, client: TestClient) -> TestClient:
    """Return a caller who may change settings."""
    client.headers["Authorization"] = f"Bearer {centre.token(Purpose.API)}"
    return client


def install(centre: Centre) -> str:
    pem, public = new_key(None)
    entry = Entry(at=centre.now_ms, actor="lan", action="policy.install")
    policies.trust(centre.store, public, entry)
    assert policies.install(centre.store, sign(BODY, pem, None), entry) is None
    return public


def test_before_any_policy_no_host_may_be_asked(keeper: TestClient) -> None:
    told = keeper.get("/api/v1/policy").json()

    assert (told["version"], told["hosts"], told["sample_seconds"]) == (0, [], [1, 3600])
    assert keeper.get("/api/v1/rollouts").json() == {"rollouts": []}


def test_the_policy_and_how_far_it_is_are_told(centre: Centre, keeper: TestClient) -> None:
    install(centre)

    told = keeper.get("/api/v1/policy").json()
    rollout = keeper.get("/api/v1/rollouts").json()["rollouts"][0]

    assert told == {
        "version": 4,
        "hosts": ["dichvucong.gov.vn:443"],
        "checks": ["portal"],
        "sample_seconds": [30, 600],
        "batch_seconds": [60, 3600],
        "cpu_seconds_per_hour": [1, 3600],
        "memory_mb": [16, 4096],
        "mb_per_day": [1, 4096],
        "next_key": None,
    }
    assert (rollout["kind"], rollout["version"], rollout["percent"], rollout["state"]) == ("policy", 4, 1, "running")


@pytest.mark.parametrize(
    ("sample", "batch", "status"), [(29, 300, 422), (601, 3600, 422), (60, 3601, 422), (30, 60, 200)]
)
def test_settings_that_agents_would_refuse_are_refused_at_once(
    centre: Centre, keeper: TestClient, sample: int, batch: int, status: int
) -> None:
    install(centre)

    answer = keeper.put("/api/v1/settings", json={"sample_seconds": sample, "batch_seconds": batch})

    assert answer.status_code == status
    assert len(centre.published) == (status == 200)


def test_a_rollout_is_paused_and_goes_on_with_who_did_it(centre: Centre, keeper: TestClient) -> None:
    keeper.put("/api/v1/settings", json={"sample_seconds": 30, "batch_seconds": 60})

    states = [
        keeper.post(f"/api/v1/rollouts/settings/{act}").json()["rollouts"][0]["state"] for act in ("pause", "resume")
    ]
    again = keeper.post("/api/v1/rollouts/settings/resume").status_code

    assert (states, again) == (["paused", "running"], 404)
    assert keeper.post("/api/v1/rollouts/other/pause").status_code == 422
    assert [one.action for one in audit.every(centre.store)][-3:] == [
        "settings.change",
        "rollout.pause",
        "rollout.resume",
    ]


def test_an_agent_that_enrols_is_told_the_public_key(centre: Centre, keeper: TestClient) -> None:
    public = install(centre)

    given = keeper.post("/api/v1/enrol", json={"token": centre.token(Purpose.ENROL, uses=1), "hostname": "a"}).json()

    assert given["policy_key"] == public
    assert [agent for _, agent in centre.published] == [given["agent"]]
