"""`manage.py selftest tenancy`: it holds, and it would notice."""

import pytest
from django.core.management import call_command

from runs.management import walk as walking
from runs.models import Tenant
from runs.pages import door
from tests.house import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_addresses(monkeypatch):
    """All of them are walked by a lane of their own."""
    chosen = ["/t/selftest-walked/runs/", "/t/selftest-walked/settings/tokens/make/", "/api/v1/runs/"]
    monkeypatch.setattr(walking, "addresses", lambda parts: iter(chosen))


def test_refusals_are_counted_and_nothing_stays(capsys):
    call_command("selftest", "tenancy")
    said = capsys.readouterr().out
    assert "3 addresses; 2 show an admin of the tenant what is theirs" in said
    assert "nothing leaks" in said
    assert not Tenant.objects.exists()


def test_a_door_that_lets_strangers_in_is_noticed(monkeypatch, capsys):
    monkeypatch.setattr(door.members, "membership_of", lambda user, slug: a_member(of=slug))
    with pytest.raises(SystemExit):
        call_command("selftest", "tenancy")
    assert "LEAK  stranger: GET /t/selftest-walked/runs/ shows what is theirs" in capsys.readouterr().out


def test_an_address_with_an_unknown_part_is_not_passed_over(monkeypatch):
    monkeypatch.undo()
    with pytest.raises(walking.UnknownPart, match="nothing is known to put in the place of"):
        list(walking.addresses({}))
