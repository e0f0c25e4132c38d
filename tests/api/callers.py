"""Who calls the API."""

from django.test import Client

from runs.models import Membership


def signed_in(member: Membership, **options: bool) -> Client:
    """A client with the member's session."""
    client = Client(**options)
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
