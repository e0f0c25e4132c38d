"""`manage.py verify`."""

import pytest
from django.core.management import CommandError, call_command

from runs.models import AuditEntry, Verification
from tests.altering import alter
from tests.conducted import HUDDLE, SPENT, conducted, started
from tests.house import a_member, a_tenant

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> int:
    """The exit code."""
    with pytest.raises(SystemExit) as stopped:
        call_command("verify", *arguments)
    return int(stopped.value.code or 0)


def altered():
    run = conducted(a_member(), HUDDLE)
    fact = run.facts.get(fact_id="note:ada:1")
    alter(run, fact.seq, "It is warm", "It is cold")
    return run


def test_it_says_that_a_run_comes_out_again(capsys):
    run = conducted(a_member(), HUDDLE)
    assert verify(str(run.pk)) == 0
    assert capsys.readouterr().out == "verified\n"
    assert (Verification.objects.get().verdict, AuditEntry.objects.last().action) == ("verified", "verify_run")


def test_it_names_the_place_and_both_sides(capsys):
    assert verify(str(altered().uuid)) == 1
    first, recorded, executed = capsys.readouterr().out.splitlines()
    assert first == "diverged at cycle 2, fact Hypotheses/note:ada:1"
    assert recorded.startswith("  recorded: {")
    assert "It is cold" in recorded
    assert executed.startswith("  executed: {")
    assert "It is warm" in executed


def test_all_runs_that_began_are_verified(capsys):
    good, bad = conducted(a_member(), SPENT), altered()
    started(a_member(), HUDDLE)
    assert verify("--all") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{good.uuid} verified"
    assert lines[1].startswith(f"{bad.uuid} diverged at cycle 2")
    assert lines[-1] == "1 verified, 1 not."


def test_another_tenants_run_is_not_there():
    a_tenant("other")
    run = conducted(a_member(), HUDDLE)
    with pytest.raises(CommandError, match="There is no run"):
        call_command("verify", str(run.uuid), "--tenant", "other")


def test_a_run_that_has_not_begun_is_refused():
    with pytest.raises(CommandError, match="nothing has happened"):
        call_command("verify", str(started(a_member(), HUDDLE).pk))


@pytest.mark.parametrize("arguments", [[], ["1", "--all"]])
def test_either_one_run_or_all(arguments):
    with pytest.raises(CommandError):
        call_command("verify", *arguments)
