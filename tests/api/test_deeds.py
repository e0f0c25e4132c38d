"""The API: starting, cancelling, deciding."""

import pytest
from django.utils import timezone

from runs.models import Gate, Run
from runs.runner import carry, claim
from tests.api.callers import signed_in
from tests.documents import gated
from tests.house import a_member, a_run, a_version

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def client():
    return signed_in(a_member())


def waiting() -> Run:
    a_run(version=a_version(gated()))
    run = claim(timezone.now())
    assert run is not None
    carry(run)
    return run


def decide(client, run, **said):
    return client.post(f"/api/v1/runs/{run.uuid}/decisions/", said, **JSON)


def test_a_run_of_a_formation_is_queued(client):
    version = a_version(slug="panel")
    answer = client.post("/api/v1/runs/", {"formation": "panel", "pace": 0.5}, **JSON)
    run = Run.objects.get()
    assert (answer.status_code, answer.json()["uuid"], answer.json()["status"]) == (201, str(run.uuid), "queued")
    assert (run.version, run.pace, run.started_by) == (version, 0.5, "admin@acme.example")


def test_an_older_version_can_be_run(client):
    first = a_version(slug="panel")
    a_version(slug="panel")
    client.post("/api/v1/runs/", {"formation": "panel", "version": 1}, **JSON)
    assert Run.objects.get().version == first


@pytest.mark.parametrize(
    "said", [{"formation": "nothing"}, {"formation": "panel", "version": 9}, {"formation": "panel", "tenant": "other"}]
)
def test_what_is_not_there_cannot_be_started(client, said):
    a_version(slug="panel")
    a_version(slug="panel", of="other")
    assert client.post("/api/v1/runs/", said, **JSON).status_code == 404
    assert not Run.objects.exists()


@pytest.mark.parametrize("said", [{"pace": -1}, {"pace": 1e9}])
def test_what_makes_no_sense_is_refused_in_the_words_of_the_house(client, said):
    a_version(slug="panel")
    answer = client.post("/api/v1/runs/", {"formation": "panel", **said}, **JSON)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "refused")
    assert "pace" in answer.json()["errors"][0]["detail"]


def test_a_viewer_starts_and_cancels_nothing():
    viewer, run = signed_in(a_member("viewer")), a_run(version=a_version(slug="panel"))
    assert viewer.post("/api/v1/runs/", {"formation": "panel"}, **JSON).status_code == 409
    assert viewer.post(f"/api/v1/runs/{run.uuid}/cancel/").status_code == 409
    assert Run.objects.get().status == "queued"


def test_a_queued_run_is_cancelled_at_once(client):
    run = a_run()
    answer = client.post(f"/api/v1/runs/{run.uuid}/cancel/")
    assert (answer.status_code, answer.json()["status"], answer.json()["stop_reason"]) == (200, "cancelled", "UserCancelled")
    assert client.post(f"/api/v1/runs/{run.uuid}/cancel/").status_code == 409


def test_a_gate_is_approved(client):
    run = waiting()
    gate = client.get(f"/api/v1/runs/{run.uuid}/gates/").json()[0]
    assert (gate["status"], gate["proposal"]["id"]) == ("pending", gate["request"]["proposal_id"])
    answer = decide(client, run, gate_id=gate["gate_id"], verdict="approve")
    assert (answer.json()["status"], answer.json()["decided_by"]) == ("approved", "admin@acme.example")
    assert Run.objects.get().status == "queued"


def test_a_closed_gate_takes_no_verdict(client):
    run = waiting()
    gate = Gate.objects.get()
    assert decide(client, run, gate_id=gate.gate_id, verdict="reject", reason="too dear").status_code == 200
    assert decide(client, run, gate_id=gate.gate_id, verdict="approve").status_code == 409
    assert Gate.objects.get().status == "rejected"


@pytest.mark.parametrize("said", [{"verdict": "maybe"}, {"gate_id": ""}, {"gate_id": "\0"}, {"reason": "\0"}, {"verdict": None}])
def test_a_verdict_that_says_nothing_is_refused(client, said):
    run = waiting()
    assert decide(client, run, **{"gate_id": Gate.objects.get().gate_id, "verdict": "approve"} | said).status_code == 400
    assert Gate.objects.get().status == "pending"


def test_strangers_and_unknown_gates_are_not_found(client):
    run = waiting()
    stranger = signed_in(a_member(of="other"))
    assert decide(client, run, gate_id="nothing", verdict="approve").status_code == 404
    assert decide(stranger, run, gate_id=Gate.objects.get().gate_id, verdict="approve").status_code == 404
    assert stranger.get(f"/api/v1/runs/{run.uuid}/gates/").status_code == 404
    assert stranger.post(f"/api/v1/runs/{run.uuid}/cancel/").status_code == 404


def test_another_site_cannot_call_with_the_cookie():
    run = a_run()
    careful = signed_in(a_member(), enforce_csrf_checks=True)
    assert careful.post(f"/api/v1/runs/{run.uuid}/cancel/").status_code == 403
    assert Run.objects.get().status == "queued"


BAD_BODIES = [b"", b"{", b"\xff\xfe", b'{"pace":NaN}', b'{"a":"\\ud800"}', b"[" * 100_000 + b"]" * 100_000, b'"text"', b"[]"]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_that_is_no_json_object_is_refused(client, body):
    answer = client.post("/api/v1/runs/", body, **JSON)
    assert (answer.status_code, answer.json()["type"] in ("client_error", "validation_error")) == (400, True)


def test_a_huge_body_is_refused(client):
    assert client.post("/api/v1/runs/", b'"' + b"x" * 5_000_000 + b'"', **JSON).status_code == 413


def test_other_kinds_of_bodies_are_refused(client):
    assert client.post("/api/v1/runs/", {"formation": "panel"}).status_code == 415
