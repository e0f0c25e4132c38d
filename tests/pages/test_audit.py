"""The audit log: who may read it, finding, and taking away."""

import csv
import io

import pytest

from runs.actions.audit import note
from runs.models import Role
from runs.reading.audit import PAGE
from tests.house import a_member

pytestmark = pytest.mark.django_db
LOG = "/t/acme/settings/audit/"


@pytest.fixture
def log(owner, stranger):
    note(by=owner, action="change_role", subject="ada@acme.example", before={"role": "viewer"}, after={"role": "author"})
    note(by=owner, action="remove_provider", subject="=web", before={"kind": "http"})
    note(by=stranger, action="change_role", subject="elsewhere's own")


def shown(client, **asked) -> str:
    return client.get(LOG, asked).content.decode()


@pytest.mark.parametrize("path", [LOG, f"{LOG}audit.csv", f"{LOG}audit.json"])
def test_it_is_for_admins_and_auditors_of_the_tenant(path, log, client, viewer, stranger, as_member):
    assert client.get(path).status_code == 200
    assert as_member(a_member(Role.AUDITOR)).get(path).status_code == 200
    assert as_member(viewer).get(path).status_code == 403
    assert as_member(stranger).get(path).status_code == 404


def test_it_tells_before_and_after_and_nothing_of_other_tenants(log, client):
    page = shown(client)
    assert "<del>viewer</del> → <ins>author</ins>" in page
    assert "elsewhere" not in page


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"q": "ADA@"}, True),
        ({"q": "remove"}, False),
        ({"action": "change_role"}, True),
        ({"action": "remove_provider"}, False),
        ({"actor": "admin@acme"}, True),
        ({"actor": "somebody"}, False),
        ({"since": "2000-01-01", "until": "2001-01-01"}, False),
        ({"since": "no day", "until": "2026-02-31"}, True),
    ],
)
def test_it_is_searched_and_filtered(asked, there, log, client):
    assert ("<ins>author</ins>" in shown(client, **asked)) is there


def test_it_is_paged_by_place(owner, client):
    for number in range(PAGE + 1):
        note(by=owner, action="start_run", subject=f"run-{number:03}")
    assert "run-000" not in shown(client)
    older = client.get(LOG).context["found"].older
    assert "run-000" in shown(client, before=older)


def test_exports_hold_what_the_filters_leave(log, client):
    rows = client.get(f"{LOG}audit.json", {"action": "change_role"}).json()
    assert [(row["subject"], row["after"]) for row in rows] == [("ada@acme.example", {"role": "author"})]


def test_an_export_holds_no_formula(log, client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{LOG}audit.csv").content.decode())))
    assert rows[0]["subject"] == "'=web"
