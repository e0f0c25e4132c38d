"""The web server as it is started: daphne, with HTTP and sockets."""

from urllib.request import urlopen

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

pytestmark = pytest.mark.live


def test_daphne_serves_pages(transactional_db, web):
    with urlopen(f"{web}/accounts/login/") as answer:
        assert answer.status == 200


def test_daphne_serves_static_files_without_collecting_them(transactional_db, web):
    with urlopen(f"{web}/static/admin/css/base.css") as answer:
        assert answer.headers["Content-Type"].startswith("text/css")


def test_a_socket_from_a_foreign_page_is_refused(transactional_db, web):
    with pytest.raises(InvalidStatus), connect(f"{web.replace('http', 'ws')}/ws/", origin="https://evil.example"):
        pass
