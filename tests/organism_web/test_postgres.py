"""The roof on PostgreSQL."""

import pytest
from django.db import connection

pytestmark = pytest.mark.postgres


@pytest.mark.django_db
def test_connections_come_from_the_pool():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.vendor == "postgresql"
    assert connection.pool is not None
    assert connection.settings_dict["CONN_MAX_AGE"] == 0
