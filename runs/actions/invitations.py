"""Inviting people into a tenant, and accepting: by a link that works once, until it expires."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from runs.actions.audit import note, note_in
from runs.actions.members import UnableToManageMembers, check_manage, check_role
from runs.models import Actor, Invitation, Membership, User
from runs.models.shown_once import digest_of, new_secret

#: How long a link lets somebody in.
GOOD_FOR = timedelta(days=7)
MAIL = """{by} invites you to become a member of {tenant}, as {role}.

Follow this link within 7 days; it works once:

{link}

If you did not expect this, ignore it: nothing happens.
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Invited:
    """What came of inviting: the link is shown to the admin once, for the mail may not have left."""

    invitation: Invitation
    link: str
    was_mailed: bool


def invite(*, by: Actor, email: str, role: str, link: Callable[[str], str]) -> Invited:
    """Ask an address into the actor's tenant; `link` makes an address of the secret. An open invitation of the address is replaced.

    Raises `UnableToManageMembers`.
    """
    secret = new_secret()
    invitation = _invite(by, User.objects.normalize_email(email), role, secret)
    address = link(secret)
    return Invited(invitation, address, _was_mailed(by, invitation, address))


@transaction.atomic
def revoke_invitation(*, by: Actor, invitation: Invitation) -> None:
    """Take an open invitation back. Raises `UnableToManageMembers`, `Invitation.DoesNotExist`."""
    check_manage(by=by)
    mine = Invitation.objects.of(by).open().select_for_update().get(pk=invitation.pk)
    mine.revoked_at = timezone.now()
    mine.save(update_fields=["revoked_at"])
    note(by=by, action="revoke_invitation", subject=mine.email, before={"role": mine.role})


@transaction.atomic
def accept_invitation(*, secret: str, user: User | None = None, password: str = "") -> Membership:
    """Become a member: as the user who is signed in, whose address must be the invited one, or as a new user with this password.

    Raises `UnableToAccept`.
    """
    invitation = Invitation.objects.select_for_update().select_related("tenant").filter(digest=digest_of(secret)).first()
    if invitation is None or not invitation.is_good:
        raise UnableToAccept("the invitation was used, taken back, or has expired; ask for a new one")
    user = user or _new_user(invitation, password)
    if user.email != invitation.email:
        raise UnableToAccept(f"the invitation is for {invitation.email}, and you are signed in as {user.email}")
    member, is_new = Membership.objects.get_or_create(tenant=invitation.tenant, user=user, defaults={"role": invitation.role})
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    told = {"role": member.role, "invited_by": invitation.invited_by} | ({} if is_new else {"was": "a member already"})
    note_in(invitation.tenant, actor=user.email, action="accept_invitation", subject=user.email, after=told)
    return member


@transaction.atomic
def _invite(by: Actor, address: str, role: str, secret: str) -> Invitation:
    check_manage(by=by)
    check_role(role)
    try:
        validate_email(address)
    except ValidationError as error:
        raise UnableToManageMembers(f"'{address}' is no e-mail address") from error
    if Membership.objects.of(by).filter(user__email=address).exists():
        raise UnableToManageMembers(f"{address} is a member already")
    now = timezone.now()
    Invitation.objects.of(by).open().filter(email=address).update(revoked_at=now)
    given = {"email": address, "role": role, "digest": digest_of(secret), "invited_by": by.label, "expires_at": now + GOOD_FOR}
    invitation = Invitation.objects.create(tenant=by.tenant, **given)
    note(by=by, action="invite", subject=address, after={"role": role, "expires_at": invitation.expires_at.isoformat()})
    return invitation


def _was_mailed(by: Actor, invitation: Invitation, link: str) -> bool:
    """After the transaction: a slow mail server holds up nobody's writing."""
    text = MAIL.format(by=by.label, tenant=by.tenant, role=invitation.role, link=link)
    try:
        return send_mail(f"Invitation to {by.tenant}".replace("\n", " "), text, None, [invitation.email]) == 1
    except (OSError, SMTPException):
        _log.exception("an invitation could not be mailed")
        return False


def _new_user(invitation: Invitation, password: str) -> User:
    if User.objects.filter(email=invitation.email).exists():
        raise UnableToAccept(f"there is an account of {invitation.email}: sign in first")
    try:
        validate_password(password, User(email=invitation.email))
    except ValidationError as error:
        raise UnableToAccept(" ".join(error.messages)) from error
    return User.objects.create_user(invitation.email, password)


class UnableToAccept(Exception):
    """The link lets nobody in, or not this person."""
