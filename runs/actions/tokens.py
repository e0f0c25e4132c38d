"""API tokens: making them, taking them back, and letting in who shows one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from runs.actions.audit import note
from runs.models import DEEDS, Actor, Membership, Token
from runs.models.shown_once import digest_of, new_secret

PREFIX = "org_"
SHOWN = len(PREFIX) + 6
LONGEST_NAME = 60
#: Days that a token may last.
LONGEST = 366
SCOPES = tuple(deed.name for deed in DEEDS)
#: Uses are noted this often, so that reading does not become writing.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Made:
    """A new token and its secret, which nobody can look up later."""

    token: Token
    secret: str


def check_make_token(*, by: Actor, member: Membership, scopes: Collection[str] = ()) -> None:
    """Raise `UnableToMakeToken` unless the actor may make a token with these scopes, standing for the member."""
    if by.tenant_id != member.tenant_id or (by.label != member.label and not by.is_keeper):
        raise UnableToMakeToken("a token stands for whoever makes it")
    if isinstance(by, Token):
        raise UnableToMakeToken("a token makes no tokens: sign in")
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise UnableToMakeToken(f"there is no scope '{unknown[0]}'; allowed: {', '.join(SCOPES)}")
    if beyond := [scope for scope in scopes if not member.may(scope)]:
        raise UnableToMakeToken(f"the role {member.role} does not allow '{beyond[0]}', so a token cannot either")


@transaction.atomic
def make_token(*, by: Actor, member: Membership, name: str, scopes: Collection[str] = (), days: int = 90) -> Made:
    """Make a token that stands for the member and lasts some days. Raises `UnableToMakeToken`."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UnableToMakeToken(f"a name has from 1 to {LONGEST_NAME} characters that can be seen")
    if not 1 <= days <= LONGEST:
        raise UnableToMakeToken(f"a token lasts from 1 to {LONGEST} days")
    check_make_token(by=by, member=member, scopes=scopes)
    secret = new_secret(PREFIX)
    kept = [scope for scope in SCOPES if scope in scopes or scope == "view"]
    expiry = timezone.now() + timedelta(days=days)
    told = {"member": member.label, "scopes": kept, "expires_at": expiry.isoformat()}
    token = Token.objects.create(
        membership=member, name=name, digest=digest_of(secret), start=secret[:SHOWN], scopes=kept, expires_at=expiry
    )
    note(by=by, action="make_token", subject=token, after=told)
    return Made(token, secret)


def can_revoke_token(token: Token, *, by: Actor) -> bool:
    """Whether the actor may take the token back."""
    try:
        check_revoke_token(token, by=by)
    except UnableToRevokeToken:
        return False
    return True


def check_revoke_token(token: Token, *, by: Actor) -> None:
    """Raise `UnableToRevokeToken` unless the actor may take the token back: their own, or an admin anybody's."""
    if token.label != by.label and not by.may("administer"):
        raise UnableToRevokeToken("your role does not allow to revoke tokens of others")
    if token.revoked_at is not None:
        raise UnableToRevokeToken("the token is revoked already")


@transaction.atomic
def revoke_token(*, by: Actor, token: Token) -> None:
    """Take a token back: the next call with it is refused. Raises `UnableToRevokeToken`, `Token.DoesNotExist`."""
    mine = Token.objects.of(by).get(pk=token.pk)
    check_revoke_token(mine, by=by)
    mine.revoked_at = timezone.now()
    mine.save(update_fields=["revoked_at"])
    note(by=by, action="revoke_token", subject=mine, before={"member": mine.label, "scopes": mine.scopes})


def token_of(secret: str) -> Token:
    """Who shows this secret, noting the use. Raises `TokenRefused`, which does not tell why."""
    token = Token.objects.select_related("membership__user", "membership__tenant").filter(digest=digest_of(secret)).first()
    if token is None or not token.is_good:
        raise TokenRefused("the token is unknown, expired or revoked")
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


class UnableToMakeToken(Exception):
    """Not allowed, or asked for in a way that makes no sense."""


class UnableToRevokeToken(Exception):
    """Not theirs, or revoked before."""


class TokenRefused(Exception):
    """Whatever was shown opens nothing."""
