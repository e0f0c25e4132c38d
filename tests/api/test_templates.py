"""Templates and the guru over the API."""

import pytest
from django.test import Client

from runs.models import Formation
from runs.suggestors import document_of
from runs.suggestors.templates import template_named
from tests.api.callers import signed_in
from tests.house import a_member

pytestmark = pytest.mark.django_db
FILL = "/api/v1/templates/organism-decision/fill/"


@pytest.fixture
def client() -> Client:
    return signed_in(a_member("viewer"))


def fill(client: Client, parameters, **more):
    return client.post(FILL, {"parameters": parameters} | more, content_type="application/json")


def test_all_are_listed_with_example_and_parameters(client):
    told = client.get("/api/v1/templates/").json()
    assert len(told) == 12
    assert {"name", "use", "example", "parameters", "cost_hint"} <= set(told[0])
    assert client.get("/api/v1/templates/spend-approval/").json()["name"] == "spend-approval"


def test_it_tells_whether_one_may_publish(client):
    assert client.get("/api/v1/templates/organism-research/").json()["can_publish"] is False
    assert signed_in(a_member("author")).get("/api/v1/templates/organism-research/").json()["can_publish"] is True


def test_filling_answers_a_document_and_saves_nothing(client):
    told = fill(client, template_named("organism-decision").card.example).json()
    assert document_of(told["document"]).label == "Where payroll runs next year"
    assert not Formation.objects.exists()


def test_whoever_is_asked_and_not_here_is_warned_of(client):
    people = [{"name": who, "role": who, "ask": "nobody@acme.example"} for who in ("lead", "domain", "critic")]
    told = fill(client, template_named("organism-decision").card.example | {"people": people}).json()
    assert "nobody here is “nobody@acme.example”" in told["warnings"][0]


@pytest.mark.parametrize(
    ("parameters", "attr"), [({}, "label"), ([], "parameters"), ({"people": [{"name": "a", "role": "x"}]}, "people[0].role")]
)
def test_faults_are_told_with_their_paths(client, parameters, attr):
    answer = fill(client, parameters)
    assert answer.status_code == 400
    assert attr in [error["attr"] for error in answer.json()["errors"]]


def test_what_is_not_there(client):
    assert client.get("/api/v1/templates/none/").status_code == 404
    assert client.post("/api/v1/templates/none/fill/", {"parameters": {}}, content_type="application/json").status_code == 404
    assert client.get("/api/v1/templates/", {"tenant": "other"}).status_code == 404
    assert Client().get("/api/v1/templates/").status_code in (401, 403)


def test_the_guru_gives_advice(client):
    told = client.get("/api/v1/guru/", {"intent": "Audit the books"}).json()
    assert (told["primary"], told["trace"]["scores"][0]["composite"]) == ("organism-diligence", 11)
    widely = client.get("/api/v1/guru/", {"intent": "Research this", "widely": "true"}).json()
    assert widely["alternates"] == ["research-huddle"]


def test_the_guru_heeds_what_the_host_can_do(client):
    query = {"intent": "Audit", "capability": ["llm_reasoning", "analytics"]}
    assert client.get("/api/v1/guru/", query).status_code == 409
    assert client.get("/api/v1/guru/", query | {"capability": ["magic"]}).status_code == 400
    assert client.get("/api/v1/guru/").status_code == 400
