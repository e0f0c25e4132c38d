"""Configuring providers: an admin may, others may not, strangers see nothing."""

import json

import pytest

from runs.actions.providers import UnableToConfigureProvider, can_configure, remove_provider, set_provider
from runs.models import AuditEntry, Console, Provider
from runs.reading.providers import providers_of
from tests.house import a_member, a_tenant

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
SETTINGS = {"hosts": ["api.example"], "url": "https://api.example/v1", "secret_headers": {"Authorization": "Bearer sk-123456"}}


def configured(by, name="web", settings=SETTINGS, kind="http", **limits) -> Provider:
    return set_provider(by=by, name=name, kind=kind, settings=settings, **limits)


def test_an_admin_configures_and_the_secrets_are_sealed():
    provider = configured(a_member(), max_concurrency=2, per_minute=60)
    assert provider.shown_settings == SETTINGS | {"secret_headers": {"Authorization": "•••"}}
    assert provider.clear_settings == SETTINGS
    assert "sk-123456" not in str(list(Provider.objects.values_list()))


def test_the_audit_tells_what_was_before_and_no_secret():
    by = a_member()
    configured(by)
    configured(by, settings={"hosts": ["other.example"]}, per_minute=6)
    remove_provider(by=by, name="web")
    entries = AuditEntry.objects.filter(subject="web").order_by("pk")
    assert [entry.action for entry in entries] == ["set_provider", "set_provider", "remove_provider"]
    assert json.loads(entries[1].before)["settings"]["secret_headers"] == {"Authorization": "•••"}
    assert json.loads(entries[2].before)["per_minute"] == 6
    assert not any("sk-123456" in entry.before + entry.after for entry in entries)


@pytest.mark.parametrize("role", ["viewer", "operator", "author", "approver", "auditor"])
def test_nobody_else_of_the_tenant_may(role):
    configured(a_member())
    by = a_member(role)
    assert not can_configure(by=by)
    for deed in (lambda: configured(by), lambda: remove_provider(by=by, name="web")):
        with pytest.raises(UnableToConfigureProvider, match="only an admin"):
            deed()
    assert list(providers_of(by)) == [Provider.objects.get()]


def test_a_stranger_finds_nothing_and_may_use_the_same_name():
    configured(a_member())
    stranger = a_member(of="other")
    assert not providers_of(stranger)
    with pytest.raises(Provider.DoesNotExist):
        remove_provider(by=stranger, name="web")
    configured(stranger)
    assert Provider.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "a name has from 1 to 200 characters"),
        ({"name": "a\nb"}, "that can be seen"),
        ({"name": "x" * 201}, "a name has"),
        ({"kind": "soap"}, "unknown kind 'soap'; allowed: anthropic, http, openai, scripted"),
        ({"settings": {}}, "hosts: is required"),
        ({"settings": {"hosts": ["a"], "urls": 1, "max_bytes": 0}}, "urls: unknown field"),
        ({"max_concurrency": 0}, "a limit is a whole number from 1 on"),
        ({"per_minute": 2**31}, "a limit is"),
    ],
)
def test_what_makes_no_sense_is_refused(change, words):
    with pytest.raises(UnableToConfigureProvider, match=words):
        set_provider(**{"by": a_member(), "name": "web", "kind": "http", "settings": SETTINGS} | change)
    assert not Provider.objects.exists()


def test_private_networks_are_opened_at_the_machine_only():
    inside = {"hosts": ["10.1.2.3"], "networks": ["10.1.0.0/16"]}
    with pytest.raises(UnableToConfigureProvider, match="networks: only whoever keeps the machine"):
        configured(a_member(), settings=inside)
    assert configured(Console(a_tenant()), settings=inside).pk


def test_keys_of_the_environment_are_lent_at_the_machine_only():
    """Else an admin of a tenant could send them wherever a base_url leads."""
    lent = {"model": "m", "key_env": "PROVIDER_KEY_OPENAI"}
    with pytest.raises(UnableToConfigureProvider, match="key_env: only whoever keeps the machine"):
        configured(a_member(), settings=lent, kind="openai")
    assert configured(Console(a_tenant()), settings=lent, kind="openai").pk


def test_the_key_of_a_model_is_sealed():
    provider = configured(a_member(), settings={"model": "m", "key": "sk-123456"}, kind="anthropic")
    assert (provider.shown_settings["key"], provider.clear_settings["key"]) == ("•••", "sk-123456")
    assert "sk-123456" not in str([*Provider.objects.values_list(), *AuditEntry.objects.values_list()])
