"""Calls that show a token instead of a session."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from runs.actions.tokens import TokenRefused, token_of

KEYWORDS = ("bearer", "token")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer SECRET` (or `Token SECRET`): the caller is that token, in its tenant and with its rights."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The member's user and the token; None for a call that shows none."""
        keyword, _, secret = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() not in KEYWORDS:
            return None
        try:
            token = token_of(secret.strip())
        except TokenRefused as refusal:
            raise AuthenticationFailed(str(refusal)) from refusal
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a refused call is told to show."""
        return "Bearer"
