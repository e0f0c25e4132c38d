"""Readiness: what a run needs around it, what is missing, and what to do about it."""

import json
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command

from runs.actions.providers import set_provider
from runs.engine import Suggestor
from runs.models import Console, Run
from runs.reading.readiness import readiness_of
from runs.suggestors import Kind, registry
from tests.api.callers import signed_in
from tests.documents import document, gated
from tests.house import a_member, a_tenant, a_version
from tests.pages.test_runs import text_of

pytestmark = pytest.mark.django_db
SCRIPTED = {"oracle": {"kind": "scripted", "answers": [{"output": 1}]}}
LIMITED = {"max_cost_microdollars": 1000}


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom it asks."""

    provider: str = "oracle"


@pytest.fixture
def asks(monkeypatch):
    """A kind that asks whom its parameters name."""
    kind = Kind("asks", "Asks.", Params, lambda params, name: Suggestor(), reaches_out=True)
    monkeypatch.setattr(registry, "_KINDS", {**registry.kinds(), "asks": kind})


def asking(**parts: Any) -> str:
    return document("Asking", [{"kind": "asks"}], **{"budget": LIMITED} | parts)


def gaps(text: str) -> list[tuple[str, str, str]]:
    return [(gap.severity, gap.kind, gap.path) for gap in readiness_of(a_member(), a_version(text)).gaps]


def test_a_plain_formation_is_ready():
    found = readiness_of(a_member(), a_version())
    assert (found.is_ready, found.gaps) == (True, [])


def test_a_provider_that_nobody_configured_blocks(asks):
    assert gaps(asking()) == [("blocking", "service", "team[0].with.provider")]
    (gap,) = readiness_of(a_member(), a_version(asking())).gaps
    assert "Nobody here is configured as “oracle”" in gap.says
    assert "manage.py provider set oracle" in gap.remedy


def test_a_seat_that_is_off_needs_nothing(asks):
    assert gaps(document("Off", [{"kind": "asks", "enabled": False}])) == []


def test_a_provider_of_another_tenant_does_not_count(asks):
    set_provider(by=a_member(of="other"), name="oracle", kind="scripted", settings={"answers": []})
    assert gaps(asking()) == [("blocking", "service", "team[0].with.provider")]


@pytest.mark.parametrize("where", ["document", "tenant"])
def test_a_provider_may_be_scripted_or_configured(asks, where):
    if where == "tenant":
        set_provider(by=a_member(), name="oracle", kind="scripted", settings={"answers": []})
    found = readiness_of(a_member(), a_version(asking(**{"providers": SCRIPTED} if where == "document" else {})))
    assert found.is_ready
    assert any("oracle" in each.says for each in found.confirmed)


def model(**settings: Any) -> None:
    set_provider(by=Console(a_tenant()), name="oracle", kind="openai", settings={"model": "m"} | settings)


def test_a_key_that_the_environment_does_not_hold_blocks(asks, monkeypatch):
    model(key_env="PROVIDER_KEY_ORACLE")
    monkeypatch.delenv("PROVIDER_KEY_ORACLE", raising=False)
    (gap,) = readiness_of(a_member(), a_version(asking())).gaps
    assert (gap.severity, gap.kind) == ("blocking", "credential")
    assert "not set" in gap.says
    assert "export PROVIDER_KEY_ORACLE=" in gap.remedy
    monkeypatch.setenv("PROVIDER_KEY_ORACLE", "sk-123456")
    assert gaps(asking()) == []


def test_secrets_whose_key_is_not_here_block(asks, settings):
    model(key="sk-123456")
    assert gaps(asking()) == []
    settings.SEALING_KEYS = ["another"]
    assert gaps(asking()) == [("blocking", "credential", "team[0].with.provider")]


def test_effects_without_a_limit_of_cost_are_told(asks):
    model(key="sk-123456")
    assert gaps(asking(budget={})) == [("degraded", "budget", "budget")]
    assert readiness_of(a_member(), a_version(asking(budget={}))).is_ready
    assert gaps(asking(budget={"max_tokens": 10})) == []
    assert gaps(asking(budget={}, providers=SCRIPTED)) == []


def test_what_belongs_to_the_installation_is_there_and_costs_nothing(asks):
    assert gaps(document("Solving", [{"kind": "asks", "with": {"provider": "organism.solver"}}])) == []


def test_gates_that_nobody_can_close_block():
    assert gaps(gated(approvers=["cfo@acme.example"])) == [("blocking", "people", "gates.quorum")]
    a_member("approver")
    assert gaps(gated()) == []


def test_a_document_that_cannot_be_read_any_more_blocks():
    broken = '{"schema":"organism.formation/v1","label":"x","team":[{"kind":"from-elsewhere"}]}'
    assert gaps(broken) == [("blocking", "pack", "team[0].kind")]


def test_the_page_of_a_broken_version_still_opens():
    a_version('{"schema":"organism.formation/v1","label":"x","team":[{"kind":"from-elsewhere"}]}')
    shown = text_of(signed_in(a_member()).get("/t/acme/formations/panel/"))
    assert "no go" in shown
    assert "Run it" not in shown


def test_the_page_shows_go_or_no_go(asks):
    a_version(asking())
    shown = text_of(signed_in(a_member("viewer")).get("/t/acme/formations/panel/"))
    assert "no go" in shown
    assert "Nobody here is configured as “oracle”" in shown


def test_the_api_tells_it_to_members_only(asks):
    a_version(asking())
    address = "/api/v1/formations/panel/readiness/"
    told = signed_in(a_member("viewer")).get(address).json()
    assert (told["ready"], told["gaps"][0]["path"]) == (False, "team[0].with.provider")
    assert signed_in(a_member(of="other")).get(address).status_code == 404
    assert signed_in(a_member("viewer")).get(f"{address}?version=7").status_code == 404


def test_the_command_refuses_to_start_and_names_what_blocks(asks, tmp_path, capsys):
    a_tenant()
    path = tmp_path / "f.json"
    path.write_text(asking())
    with pytest.raises(CommandError) as refused:
        call_command("run_formation", str(path))
    assert (refused.value.returncode, Run.objects.count()) == (2, 0)
    assert "blocking: team[0].with.provider: Nobody here is configured" in capsys.readouterr().err


def test_the_command_starts_anyway_when_told_to(asks, tmp_path, capsys):
    a_tenant()
    path = tmp_path / "f.json"
    path.write_text(asking())
    with pytest.raises(SystemExit):
        call_command("run_formation", str(path), "--anyway", "--json")
    told = capsys.readouterr()
    assert json.loads(told.out)["status"]
    assert "blocking" in told.err


def test_the_api_starts_nothing_that_lacks_what_it_needs_unless_asked_to(asks):
    a_version(asking(), slug="asking")
    client, said = signed_in(a_member()), {"formation": "asking"}
    answer = client.post("/api/v1/runs/", said, content_type="application/json")
    assert (answer.status_code, Run.objects.count()) == (409, 0)
    assert "team[0].with.provider: Nobody here is configured as “oracle”" in answer.json()["errors"][0]["detail"]
    assert client.post("/api/v1/runs/", said | {"anyway": True}, content_type="application/json").status_code == 201


def test_the_page_starts_nothing_that_lacks_what_it_needs_unless_asked_to(asks):
    a_version(asking(), slug="asking")
    client = signed_in(a_member())
    shown = text_of(client.post("/t/acme/formations/asking/run/", follow=True))
    assert ("Not started: team[0].with.provider" in shown, "Run it anyway" in shown, Run.objects.count()) == (True, True, 0)
    client.post("/t/acme/formations/asking/run/", {"anyway": "1"})
    assert Run.objects.count() == 1
