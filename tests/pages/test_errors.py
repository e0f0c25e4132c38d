"""The pages for when something went wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied, server_error


def test_a_broken_server_needs_no_request_to_say_so(db):
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


def test_the_page_of_a_broken_server_needs_nothing_at_all():
    assert "stays in its journal" in render_to_string("500.html")


def test_what_is_forbidden_says_so(client):
    request = client.get("/t/acme/runs/").wsgi_request
    assert b"You may not see this" in permission_denied(request, Exception()).content


def test_a_form_that_is_too_old_says_what_to_do(owner):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/t/acme/formations/panel/run/")
    assert answer.status_code == 403
    assert b"This form is too old" in answer.content


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"])
def test_the_doors_wear_the_same_dress(path, db):
    answer = Client().get(path)
    assert answer.status_code == 200
    assert "css/tokens.css" in answer.content.decode()


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"])
def test_the_account_pages_wear_it_too(path, client):
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert "css/tokens.css" in answer.content.decode()
