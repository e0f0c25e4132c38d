"""The admin: lists, filters, details, for reading only."""

import logging

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from runs.actions.providers import set_provider
from runs.admin.reading import REACH, ReadingAdmin
from runs.models import Envelope, Provider, Run, User
from tests.house import a_member, a_run
from tests.journal.teams import GATES, huddle, journaled
from tests.journaling import extend

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label == "runs"]


@pytest.fixture
def keeper(client, caplog):
    caplog.set_level(logging.ERROR, logger="django.request")
    client.force_login(User.objects.create_superuser("keeper@acme.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def run() -> Run:
    return journaled(a_run(status="running", lease="me"), huddle(), gates=GATES)


def address(model, page: str, *args) -> str:
    return reverse(f"admin:runs_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_and_every_detail_opens(model, keeper, run):
    assert keeper.get(address(model, "changelist")).status_code == 200
    row = model.objects.order_by("pk").first()
    if row is not None:
        assert keeper.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_nothing_is_added_changed_or_deleted(model, keeper, run):
    assert isinstance(admin.site._registry[model], ReadingAdmin)
    assert keeper.get(address(model, "add")).status_code == 403
    row = model.objects.order_by("pk").first()
    if row is not None:
        assert keeper.post(address(model, "change", row.pk), {"status": "failed"}).status_code == 403
        assert keeper.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_the_journal_is_narrowed_to_a_run_a_family_and_a_kind(keeper, run):
    other = a_run(status="running", lease="me")
    extend(other, 3)
    listed = keeper.get(address(Envelope, "changelist"), {"run": run.pk, "family": "experience", "kind": "OutcomeRecorded"})
    assert [row.run_id for row in listed.context["cl"].result_list] == [run.pk]


def test_a_word_that_is_none_filters_nothing(keeper, run):
    assert keeper.get(address(Envelope, "changelist"), {"family": "'; DROP"}).status_code in (200, 302)


def test_a_long_journal_is_never_counted(keeper):
    run = a_run(status="running", lease="me")
    extend(run, REACH + 200)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        listed = keeper.get(address(Envelope, "changelist"))
    assert listed.context["cl"].result_count == REACH
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"] and "runs_envelope" in query["sql"]]


def test_strangers_are_sent_to_sign_in(client):
    assert client.get(address(Run, "changelist")).status_code == 302


def test_secrets_of_providers_are_not_shown(keeper):
    provider = set_provider(by=a_member(), name="web", kind="http", settings={"hosts": ["a"], "secret_headers": {"A": "sk-123456"}})
    page = keeper.get(address(Provider, "change", provider.pk)).content.decode()
    assert "•••" in page
    assert "sk-123456" not in page
    assert provider.sealed not in page
