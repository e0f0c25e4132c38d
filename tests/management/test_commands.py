"""The commands that touch runs."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from runs.models import AuditEntry, Fact, Gate, Run, Tenant
from tests.documents import chain, gated
from tests.house import a_tenant
from tests.server import ROOT

pytestmark = pytest.mark.django_db


def run_formation(document: str, tmp_path: Path, *options: str) -> int:
    """The exit code."""
    path = tmp_path / "formation.json"
    path.write_text(document)
    with pytest.raises(SystemExit) as stopped:
        call_command("run_formation", str(path), *options)
    return int(stopped.value.code or 0)


def test_it_runs_a_document_on_an_empty_installation(tmp_path, capsys):
    assert run_formation(chain(3), tmp_path) == 0
    assert (Tenant.objects.get().slug, Run.objects.get().status) == ("default", "converged")
    assert "Converged after 4 cycles, 4 facts." in capsys.readouterr().out


def test_json_is_one_object(tmp_path, capsys):
    run_formation(chain(3), tmp_path, "--json")
    report, run = json.loads(capsys.readouterr().out), Run.objects.get()
    assert report.pop("outcome_record")["status"] == "Converged"
    assert report | {"label": None, "digest": None, "message": None, "gates_open": None, "plans": None} == {
        "run": str(run.uuid), "status": "converged", "stop_reason": "Converged", "cycles": 4, "fact_count": 4,
        "merkle_root": run.merkle_root, "clock_time": 4, "outcomes": [], "disagreement_maps": [], "criteria": [],
        "label": None, "digest": None, "message": None, "gates_open": None, "plans": None,
    }  # fmt: skip


def test_yaml_is_read_as_well(tmp_path):
    text = """
schema: organism.formation/v1
label: Yaml
team: []
seeds: [{key: Seeds, id: s1, text: Choose, provenance: operator}]
"""
    assert run_formation(text, tmp_path) == 0
    assert Fact.objects.get().text == "Choose"


def test_what_it_stores_is_json(tmp_path):
    run_formation("schema: organism.formation/v1\nlabel: Y\nteam: []\n", tmp_path)
    assert json.loads(Run.objects.get().version.document)["label"] == "Y"


@pytest.mark.parametrize(
    ("document", "code"), [(chain(5, budget={"max_cycles": 2}), 4), (gated(), 3), (chain(1), 0)], ids=["exhausted", "waiting", "converged"]
)
def test_the_exit_code_tells_how_it_ended(document, code, tmp_path):
    assert run_formation(document, tmp_path) == code


def test_following_tells_where_it_is(tmp_path, capsys):
    run_formation(chain(3), tmp_path, "--follow", "--pace", "0.01")
    assert "Chain of 3: converged · cycle 4 of at most 100 · 4 facts" in capsys.readouterr().err


def test_the_same_document_twice_is_one_version(tmp_path):
    run_formation(chain(3), tmp_path)
    run_formation(chain(3), tmp_path)
    assert len(set(Run.objects.values_list("version_id", flat=True))) == 1


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{", b'{"label": "x"}'], ids=["no-utf-8", "no-json", "no-document"])
def test_bad_input_is_told_and_leaves_nothing(content, tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        call_command("run_formation", str(path))
    assert error.value.returncode == 2
    assert not Run.objects.exists()


def test_a_missing_file_is_told():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("run_formation", "/nowhere/to/be/found.json")


def test_among_several_tenants_one_must_be_named(tmp_path):
    a_tenant("acme"), a_tenant("rival")
    path = tmp_path / "formation.json"
    path.write_text(chain(1))
    with pytest.raises(CommandError, match="--tenant acme"):
        call_command("run_formation", str(path))
    assert run_formation(chain(1), tmp_path, "--tenant", "rival") == 0
    assert Run.objects.get().tenant.slug == "rival"


def test_a_decision_goes_on_with_the_run(tmp_path, capsys):
    run_formation(gated(), tmp_path)
    with pytest.raises(SystemExit) as stopped:
        call_command("decide", Gate.objects.get().gate_id, "approve", "--reason", "fine")
    assert (stopped.value.code, Run.objects.get().status) == (0, "converged")
    assert "is approved" in capsys.readouterr().out


def test_after_one_of_two_decisions_it_still_waits(tmp_path):
    run_formation(gated(2), tmp_path)
    with pytest.raises(SystemExit) as stopped:
        call_command("decide", str(Gate.objects.first().pk), "reject", "--reason", "no")
    assert (stopped.value.code, Run.objects.get().status) == (3, "waiting")


@pytest.mark.parametrize(("gate", "words"), [("nothing", "no gate"), ("999", "no gate")])
def test_an_unknown_gate_is_told(gate, words):
    with pytest.raises(CommandError, match=words):
        call_command("decide", gate, "approve")


def test_a_rejection_without_a_reason_is_refused(tmp_path):
    run_formation(gated(), tmp_path)
    with pytest.raises(CommandError, match="needs a reason"):
        call_command("decide", Gate.objects.get().gate_id, "reject")


def test_cancel_ends_a_waiting_run_once(tmp_path, capsys):
    run_formation(gated(), tmp_path)
    uuid = str(Run.objects.get().uuid)
    call_command("cancel", uuid)
    assert "is cancelled" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cancelled already"):
        call_command("cancel", uuid)


@pytest.mark.parametrize("name", ["7", "no-run", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_run_is_told(name):
    for command in ("cancel", "rebuild"):
        with pytest.raises(CommandError, match="no run"):
            call_command(command, name)


def test_rebuild_proves_equality_or_mends(tmp_path, capsys):
    run_formation(chain(2), tmp_path)
    name = str(Run.objects.get().pk)
    call_command("rebuild", name)
    assert "Equal" in capsys.readouterr().out
    Fact.objects.filter(fact_id="h0").delete()
    with pytest.raises(CommandError, match="facts: 2 rows, 3 after"):
        call_command("rebuild", name)
    call_command("rebuild", name)


def test_every_command_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    commands = [path.stem for path in (ROOT / "runs/management/commands").glob("[a-z]*.py")]
    assert [name for name in commands if f"| `manage.py {name}" not in readme] == []


def test_the_console_is_in_the_audit_trail(tmp_path):
    run_formation(chain(1), tmp_path)
    assert all(actor.startswith("console:") for actor in AuditEntry.objects.values_list("actor", flat=True))


def test_an_edit_is_typed(tmp_path):
    run_formation(gated(), tmp_path)
    with pytest.raises(SystemExit):
        call_command("decide", Gate.objects.get().gate_id, "edit", "--text", "Plan B")
    assert (Run.objects.get().status, Run.objects.get().facts.get(fact_id="plan-0").text) == ("converged", "Plan B")


@pytest.mark.parametrize(
    ("said", "words"), [(["--json", "{"], "no JSON"), (["--json", '{"text": ""}'], "edit.payload.text"), ([], "edit: is missing")]
)
def test_an_edit_that_does_not_fit_is_told(said, words, tmp_path):
    run_formation(gated(), tmp_path)
    with pytest.raises(CommandError, match=words):
        call_command("decide", Gate.objects.get().gate_id, "edit", *said)
    assert Gate.objects.get().status == "pending"


def test_one_cycle_is_not_called_cycles(tmp_path, capsys):
    run_formation(gated(), tmp_path)
    assert "Waiting after 1 cycle, 1 fact." in capsys.readouterr().out
