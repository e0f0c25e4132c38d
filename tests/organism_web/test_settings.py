"""The roof: what the settings promise."""

import sqlite3

import pytest
from django.contrib.auth import get_user_model
from django.db import connection


def test_django_uses_the_current_sqlite():
    assert sqlite3.__name__ == "pysqlite3"
    assert sqlite3.sqlite_version_info >= (3, 51)


@pytest.mark.django_db
def test_sqlite_runs_in_wal_mode_with_normal_syncs():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.django_db
def test_a_person_is_found_by_their_address_in_any_case():
    ada = get_user_model().objects.create_user("Ada@Example.org", "secret")
    assert get_user_model().objects.get_by_natural_key("ADA@example.org") == ada


@pytest.mark.django_db
def test_every_page_carries_the_strict_policy(client):
    answer = client.get("/accounts/login/")
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_visitors_cannot_sign_up_by_themselves(client):
    assert b"closed" in client.get("/accounts/signup/").content.lower()


@pytest.mark.django_db
def test_guessing_locks_the_guesser_out(client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    get_user_model().objects.create_user("ada@example.org", "correct horse")
    for _ in range(3):
        client.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    answer = client.post("/accounts/login/", {"login": "ada@example.org", "password": "correct horse"})
    assert answer.status_code != 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_right_password_signs_in(client):
    get_user_model().objects.create_user("ada@example.org", "correct horse")
    answer = client.post("/accounts/login/", {"login": "Ada@Example.org", "password": "correct horse"})
    assert answer.status_code == 302


@pytest.mark.django_db
def test_the_admin_sends_visitors_to_the_one_sign_in(client):
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
