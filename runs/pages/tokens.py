"""API tokens: one's own, and for admins everybody's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from runs.actions.tokens import UnableToMakeToken, UnableToRevokeToken, make_token, revoke_token
from runs.pages.door import member_page, number, page
from runs.reading.members import Member
from runs.reading.tokens import scopes_for, token_numbered, tokens_for

LASTS = (7, 30, 90, 366)


@member_page
def token_list(request: HttpRequest, member: Member) -> HttpResponse:
    """What opens the API now, and the form for one more."""
    return _list(request, member)


@require_POST
@never_cache
@member_page
def token_make(request: HttpRequest, member: Member) -> HttpResponse:
    """Make a token; its secret is in this answer and nowhere else."""
    given = {"name": request.POST.get("name", ""), "scopes": request.POST.getlist("scope"), "days": number(request.POST.get("days")) or 0}
    try:
        made = make_token(by=member, member=member, **given)  # type: ignore[arg-type]
    except UnableToMakeToken as refusal:
        return _list(request, member, status=400, wrong=str(refusal), given=given)
    return _list(request, member, made=made)


@require_POST
@member_page
def token_revoke(request: HttpRequest, member: Member, token: int) -> HttpResponse:
    """Take a token back."""
    mine = token_numbered(member, token)
    try:
        revoke_token(by=member, token=mine)
    except UnableToRevokeToken as refusal:
        messages.error(request, f"Nothing was changed: {refusal}.")
    else:
        messages.success(request, f"{mine.name} opens nothing any more.")
    return redirect("token-list", tenant=member.tenant.slug)


def _list(request: HttpRequest, member: Member, status: int = 200, **more: object) -> HttpResponse:
    shown = {"tokens": tokens_for(member), "scopes": scopes_for(member), "lasts": LASTS}
    answer = page(request, "settings/tokens.html", member, "settings", part="tokens", **shown, **more)
    answer.status_code = status
    return answer
