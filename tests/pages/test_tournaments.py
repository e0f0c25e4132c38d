"""The scoreboard on its page, over the API and on the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from runs.actions.tournaments import start_tournament
from runs.models import Run, Tournament
from tests.documents import chain
from tests.house import a_tenant, a_version
from tests.pages.test_runs import text_of
from tests.runner.test_tournaments import carried, finder

JSON = {"content_type": "application/json"}


@pytest.fixture
def formations(db):
    return [a_version(finder(), slug="finder"), a_version(chain(5), slug="chain")]


@pytest.fixture
def tournament(owner, formations):
    return start_tournament(by=owner, versions=formations)


def test_it_is_started_by_a_form_and_watched(client, formations):
    answer = client.post("/t/acme/tournaments/start/", {"formation": ["finder", "chain"], "seeds": ""})
    address = f"/t/acme/tournaments/{Tournament.objects.get().pk}/"
    assert answer["Location"] == address
    assert "2 runs to go" in text_of(client.get(address))
    assert 'hx-trigger="every 2s"' in client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_the_scoreboard_names_the_winner_and_stops_asking(client, tournament):
    carried(tournament)
    page = client.get(f"/t/acme/tournaments/{tournament.pk}/")
    assert "Finder wins with 0.892." in text_of(page)
    assert "Convergence rate" in text_of(page)
    assert "hx-trigger" not in page.content.decode()
    assert "Finder against Chain of 5" in text_of(client.get("/t/acme/tournaments/")) or "scored" in text_of(
        client.get("/t/acme/tournaments/")
    )


@pytest.mark.parametrize("given", [{}, {"formation": ["finder"], "seeds": "{"}])
def test_what_makes_no_sense_is_refused_in_words(client, formations, given):
    answer = client.post("/t/acme/tournaments/start/", given, follow=True)
    assert "name from 1 to 20" in text_of(answer) or "not JSON" in text_of(answer)
    assert not Run.objects.exists()


def test_it_is_there_for_members_only(client, tournament, viewer, stranger, as_member):
    for address in ("/t/acme/tournaments/", f"/t/acme/tournaments/{tournament.pk}/", f"/api/v1/tournaments/acme/{tournament.pk}/"):
        assert as_member(viewer).get(address).status_code == 200
        assert as_member(stranger).get(address).status_code == 404
    assert as_member(stranger).get(f"/t/elsewhere/tournaments/{tournament.pk}/").status_code == 404
    assert as_member(stranger).get("/api/v1/tournaments/").json() == []


def test_a_viewer_sees_no_form_and_a_stranger_starts_nothing(formations, viewer, stranger, as_member):
    assert "Let them compete" not in text_of(as_member(viewer).get("/t/acme/tournaments/"))
    refused = as_member(viewer).post("/t/acme/tournaments/start/", {"formation": "finder"}, follow=True)
    assert "your role does not allow" in text_of(refused)
    assert as_member(stranger).post("/t/acme/tournaments/start/", {"formation": "finder"}).status_code == 404
    assert as_member(stranger).post("/t/elsewhere/tournaments/start/", {"formation": "finder"}).status_code == 404
    assert not Run.objects.exists()


def test_the_api_starts_and_tells(client, formations):
    said = {"formations": [{"formation": "finder", "version": 1}, {"formation": "chain"}]}
    answer = client.post("/api/v1/tournaments/", said, **JSON)
    assert (answer.status_code, [one["place"] for one in answer.json()["entrants"]]) == (201, [None, None])
    carried(Tournament.objects.get())
    (told,) = client.get("/api/v1/tournaments/").json()
    assert (told["winner"], told["entrants"][0]["label"]) == (told["entrants"][0]["run"], "Finder")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"formations": []}, 400),
        ({"formations": [{"formation": "none"}]}, 404),
        ({"formations": [{"formation": "finder"}], "seeds": "{"}, 400),
        ({"formations": "finder"}, 400),
    ],
)
def test_the_api_refuses_what_makes_no_sense(client, formations, said, status):
    assert client.post("/api/v1/tournaments/", said, **JSON).status_code == status


def compete(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        call_command("tournament", *arguments)
    return int(stopped.value.code or 0)


def test_the_command_conducts_it_and_prints_the_scoreboard(formations, capsys):
    assert compete("finder", "chain:1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("  1. 0.892  Finder v1: converged, 2 cycles")
    assert "Finder wins with 0.892." in lines


def test_the_command_takes_seeds_and_prints_json(formations, tmp_path, capsys):
    path = tmp_path / "seeds.yaml"
    path.write_text("- {key: Seeds, id: q, text: Choose, provenance: ada}\n")
    assert compete("finder", "--seeds", str(path), "--json") == 0
    assert json.loads(capsys.readouterr().out)["winner"] == str(Run.objects.get().uuid)
    assert Run.objects.get().facts.filter(key="Seeds", fact_id="q").exists()


def test_the_command_tells_when_nobody_came_through(formations, capsys):
    a_version(chain(9, budget={"max_cycles": 2}), slug="spent")
    assert compete("spent") == 1
    assert "Nobody came through." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"), [(["none"], "no formation 'none'"), (["finder:9"], "no formation"), (["finder:x"], "no form")]
)
def test_what_is_not_there_is_told(formations, arguments, words):
    a_tenant()
    with pytest.raises(CommandError, match=words):
        call_command("tournament", *arguments)
