"""The API tokens of a tenant."""

from django.utils import timezone

from runs.models import DEEDS, Actor, Deed, Membership, Token, deeds_of


def tokens_for(by: Actor) -> list[Token]:
    """Those that still open something: the actor's own, or for an admin everybody's."""
    good = Token.objects.of(by).filter(revoked_at=None, expires_at__gt=timezone.now())
    return list(good if by.may("administer") else good.whose(by.label))


def token_numbered(by: Actor, number: int) -> Token:
    """A token that the actor can see; raises `DoesNotExist`."""
    tokens = Token.objects.of(by)
    return (tokens if by.may("administer") else tokens.whose(by.label)).get(pk=number)


def scopes_for(member: Membership) -> list[Deed]:
    """What a token of the member may be allowed, beside looking."""
    return [deed for deed in deeds_of(member.role) if deed.name != "view"]


def member_named(by: Actor, email: str) -> Membership:
    """The member of that address in the actor's tenant; raises `DoesNotExist`."""
    return Membership.objects.of(by).select_related("user", "tenant").get(user__email=email.strip().lower())


def rights_of(by: Actor) -> list[str]:
    """The deeds that the actor may do."""
    return [deed.name for deed in DEEDS if by.may(deed.name)]
