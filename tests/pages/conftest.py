"""Three people at the door: the owner, a colleague who may only look, and a stranger."""

from collections.abc import Callable

import pytest
from django.test import Client

from runs.models import Membership, Role, Run
from tests.conducted import GATED, HUDDLE, conducted
from tests.house import a_member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def owner(db) -> Membership:
    return a_member(Role.ADMIN)


@pytest.fixture
def viewer(db) -> Membership:
    return a_member(Role.VIEWER)


@pytest.fixture
def stranger(db) -> Membership:
    return a_member(Role.ADMIN, of="elsewhere")


@pytest.fixture
def as_member() -> Callable[[Membership], Client]:
    """A browser in which the member is signed in."""

    def signed_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def client(owner, as_member) -> Client:
    return as_member(owner)


@pytest.fixture
def huddle(owner) -> Run:
    return conducted(owner, HUDDLE)


@pytest.fixture
def gated(owner) -> Run:
    return conducted(owner, GATED)
