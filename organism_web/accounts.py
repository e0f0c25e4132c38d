"""How this installation signs people in: allauth's questions, answered."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, unless the installation lets visitors sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGN_UP)


def name_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """The e-mail address of an attempt to sign in, whichever form it came from; axes counts failures by it."""
    given = credentials or {}
    name = given.get("email") or given.get("username")
    if name is None and request is not None:
        name = request.POST.get("login") or request.POST.get("username")
    return str(name).lower() if name else None
