"""Whether a run can be trusted: asking for its verification, and the verdict beside its status."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from runs.actions.verifications import UnableToVerify, can_verify, verify_run
from runs.pages.door import member_page
from runs.reading.members import Member
from runs.reading.runs import Run, run_of
from runs.reading.verifications import verification_of


def verdict_shown(member: Member, run: Run) -> dict[str, Any]:
    """What the badge and its button show."""
    return {"verification": verification_of(run), "can_verify": can_verify(run, by=member)}


@member_page
def run_verdict(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """The badge alone, for who waits for it."""
    run = run_of(member, uuid)
    return render(request, "runs/_verdict.html", {"member": member, "run": run} | verdict_shown(member, run))


@require_POST
@member_page
def run_verify(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """Ask the worker to verify the run."""
    run = run_of(member, uuid)
    try:
        verify_run(by=member, run=run)
    except UnableToVerify as refusal:
        messages.error(request, str(refusal))
    return redirect("run-verdict" if request.htmx else "run-detail", tenant=member.tenant.slug, uuid=run.uuid)  # type: ignore[attr-defined]
