"""The members of a tenant and their roles; inviting, and accepting an invitation."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from runs.actions.invitations import UnableToAccept, accept_invitation, invite, revoke_invitation
from runs.actions.members import UnableToManageMembers, can_manage, change_role, remove_member
from runs.pages.door import member_page, page
from runs.reading import tenancy
from runs.reading.members import Member


@member_page
def member_list(request: HttpRequest, member: Member) -> HttpResponse:
    """Who is a member, as what, and who was invited."""
    return _list(request, member)


@require_POST
@member_page
def member_role(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Give a member another role."""
    try:
        changed = change_role(by=member, member=tenancy.member_of(member, number), role=request.POST.get("role", ""))
    except UnableToManageMembers as refusal:
        messages.error(request, f"Nothing was changed: {refusal}.")
    else:
        messages.success(request, f"{changed.label} is {changed.role} now.")
    return redirect("member-list", tenant=member.tenant.slug)


@require_POST
@member_page
def member_remove(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Take a member out."""
    leaving = tenancy.member_of(member, number)
    try:
        remove_member(by=member, member=leaving)
    except UnableToManageMembers as refusal:
        messages.error(request, f"Nobody was removed: {refusal}.")
    else:
        messages.success(request, f"{leaving.label} is no member any more.")
    return redirect("home") if leaving.pk == member.pk else redirect("member-list", tenant=member.tenant.slug)


@require_POST
@member_page
def member_invite(request: HttpRequest, member: Member) -> HttpResponse:
    """Invite an address; the link is shown once, for whoever cannot be reached by mail."""
    given = {name: request.POST.get(name, "").strip() for name in ("email", "role")}
    try:
        invited = invite(by=member, link=lambda secret: request.build_absolute_uri(reverse("invitation", args=[secret])), **given)
    except UnableToManageMembers as refusal:
        return _list(request, member, status=400, wrong=str(refusal), given=given)
    return _list(request, member, invited=invited)


@require_POST
@member_page
def invitation_revoke(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = tenancy.invitation_of(member, number)
    try:
        revoke_invitation(by=member, invitation=invitation)
    except UnableToManageMembers as refusal:
        messages.error(request, f"Nothing was changed: {refusal}.")
    else:
        messages.success(request, f"The invitation of {invitation.email} is taken back.")
    return redirect("member-list", tenant=member.tenant.slug)


@never_cache
@sensitive_post_parameters("password")
def invitation_page(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the link of an invitation leads: accept it, as who is signed in or as somebody new."""
    invitation = tenancy.invitation_for(secret)
    if invitation is None:
        return render(request, "members/invitation_gone.html", status=404)
    shown = {"invitation": invitation, "has_account": tenancy.has_account(invitation.email)}
    if request.method != "POST":
        return render(request, "members/invitation.html", shown)
    user = request.user if request.user.is_authenticated else None
    try:
        joined = accept_invitation(secret=secret, user=user, password=request.POST.get("password", ""))
    except UnableToAccept as refusal:
        return render(request, "members/invitation.html", shown | {"wrong": str(refusal)}, status=400)
    if user is None:
        login(request, joined.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return redirect("run-list", tenant=joined.tenant.slug)


def _list(request: HttpRequest, member: Member, status: int = 200, **more: object) -> HttpResponse:
    shown = {"members": tenancy.members_of(member), "invitations": tenancy.open_invitations(member), "rights": tenancy.rights()}
    shown |= {"roles": tenancy.ROLES, "can_manage": can_manage(by=member)}
    answer = page(request, "members/list.html", member, "settings", part="members", **shown, **more)
    answer.status_code = status
    return answer
