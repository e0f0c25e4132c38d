"""Lint over the API and at the console."""

import json

import pytest
from django.core.management import call_command

from tests.api.callers import signed_in
from tests.documents import chain, document, gated, rule
from tests.house import a_member, a_tenant

pytestmark = pytest.mark.django_db
ASLEEP = document("d", [rule("late", "Proposals", "q", "x", after=("Signals", "never"))])
ASKING = document("d", [{"kind": "llm-voter", "name": "ada", "with": {"provider": "oracle"}}])


def lint(document, **more):
    return signed_in(a_member("viewer")).post("/api/v1/lint/", {"document": document} | more, content_type="application/json")


def test_a_finding_has_its_place_and_its_mend():
    (found,) = lint(json.loads(ASLEEP)).json()
    assert (found["severity"], found["path"], found["fix"]["label"]) == ("warning", "team[0]", "Switch late off")
    assert found["fix"]["operations"] == [{"op": "set", "at": ["team", 0, "enabled"], "value": False}]


@pytest.mark.parametrize("text", ["label: [", "{", "", "a: &a [*a]", '{"label":1}'])
def test_what_cannot_be_read_is_told_and_is_no_error_of_the_call(text):
    answer = lint(text)
    assert answer.status_code == 200
    assert {found["severity"] for found in answer.json()} == {"error"}


def test_a_provider_that_is_missing_is_an_error():
    assert ("error", "team[0].with.provider") in [(each["severity"], each["path"]) for each in lint(ASKING).json()]


def test_a_quorum_that_cannot_be_met_is_told():
    assert "gates.quorum" in [each["path"] for each in lint(gated(quorum=3)).json()]


def test_another_tenant_is_not_there():
    a_tenant("elsewhere")
    assert lint(ASLEEP, tenant="elsewhere").status_code == 404


@pytest.mark.parametrize(("text", "code"), [(document("d", [rule("a", "Proposals", "p", "x")]), 0), (ASLEEP, 1), ("no", 2)])
def test_the_console_tells_by_its_exit(tmp_path, text, code, capsys):
    a_tenant()
    (tmp_path / "d.json").write_text(text)
    with pytest.raises(SystemExit) as left:
        call_command("lint", str(tmp_path / "d.json"))
    assert left.value.code == code
    assert capsys.readouterr().out.strip()


def test_the_console_speaks_json(tmp_path, capsys):
    a_tenant()
    (tmp_path / "d.json").write_text(chain(5, budget={"max_cycles": 2}))
    with pytest.raises(SystemExit):
        call_command("lint", str(tmp_path / "d.json"), "--json")
    assert json.loads(capsys.readouterr().out)[0]["path"] == "budget.max_cycles"
