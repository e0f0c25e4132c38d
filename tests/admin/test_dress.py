"""The admin wears the dress of the house."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_admin_takes_our_tokens(admin_client):
    page = admin_client.get("/admin/").content.decode()
    assert "css/tokens.css" in page
    assert "css/admin.css" in page
