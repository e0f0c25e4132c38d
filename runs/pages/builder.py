"""The builder: a draft as a board and as text, every change sent to one place that answers what is to be drawn again."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from runs.actions.drafts import (
    Overtaken,
    StaleDraft,
    discard_draft,
    draft_for,
    edit_draft,
    new_draft,
    publish_draft,
    rewrite_draft,
    save_text,
    step_draft,
)
from runs.actions.formations import UnableToPublish
from runs.pages.door import member_page, number, page
from runs.pages.edits import operations_of, selection_after
from runs.reading.drafts import board_of, draft_of, selection_of, shelf
from runs.reading.formations import formation_of
from runs.reading.members import Member
from runs.suggestors.authored import EMPTY, text_of
from runs.suggestors.operations import Refused
from runs.suggestors.pasting import pasted
from runs.suggestors.problems import DocumentInvalid


@require_POST
@member_page
def draft_new(request: HttpRequest, member: Member) -> HttpResponse:
    """Begin a new formation, from what was given or from nothing."""
    text = request.POST.get("text", "").strip() or text_of(EMPTY, "yaml")
    try:
        draft = new_draft(by=member, text=text)
    except UnableToPublish as refusal:
        return render(request, "403.html", {"exception": refusal}, status=403)
    return redirect("draft", tenant=member.tenant.slug, draft=draft.pk)


@member_page
def formation_edit(request: HttpRequest, member: Member, formation: str) -> HttpResponse:
    """One's draft of the next version."""
    try:
        draft = draft_for(by=member, formation=formation_of(member, formation).formation)
    except UnableToPublish as refusal:
        return render(request, "403.html", {"exception": refusal}, status=403)
    return redirect("draft", tenant=member.tenant.slug, draft=draft.pk)


@member_page
def draft_page(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """The builder."""
    board = board_of(member, draft_of(member, draft), request.GET.get("selected", ""))
    return page(request, "builder/page.html", member, "formations", board=board, shelf=shelf())


@member_page
def draft_select(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """The fields of something else; nothing changes."""
    selected = request.GET.get("at", "")
    return _parts(request, member, draft_of(member, draft), selection_of(selected) if selected.count("[") else selected)


@require_POST
@member_page
def draft_edit(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """One change; the answer is what is to be drawn again."""
    mine = draft_of(member, draft)
    said = request.POST
    given = {"by": member, "draft": mine, "revision": number(said.get("revision")) or 0}
    try:
        changed = _DEEDS.get(said.get("do", ""), _operate)(given, request)
    except StaleDraft as stale:
        sent = stale.typed if stale.typed is not None else ""
        return _parts(request, member, stale.current, said.get("selected", ""), status=409, notice=str(stale), typed=sent)
    except (Refused, DocumentInvalid, ValueError) as error:
        return _parts(request, member, mine, said.get("selected", ""), status=422, notice=f"Nothing was changed: {error}")
    return _parts(request, member, changed, selection_after(said, changed.text), with_text=said.get("do") != "text")


@require_POST
@member_page
def draft_publish(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """Make it a version, and go to the formation."""
    mine, said = draft_of(member, draft), request.POST
    revision, note = number(said.get("revision")) or 0, said.get("note", "").strip()
    try:
        version = publish_draft(by=member, draft=mine, revision=revision, remark=note, on_top=bool(said.get("on_top")))
    except (StaleDraft, DocumentInvalid, UnableToPublish, Overtaken) as refusal:
        board = board_of(member, draft_of(member, draft), said.get("selected", ""))
        shown = {"board": board, "shelf": shelf(), "notice": f"Not published: {refusal}.", "note": note}
        response = page(request, "builder/page.html", member, "formations", **shown, overtaken=getattr(refusal, "newest", None))
        response.status_code = 422 if isinstance(refusal, DocumentInvalid | UnableToPublish) else 409
        return response
    return redirect("formation-detail", tenant=member.tenant.slug, formation=version.formation.slug)


@require_POST
@member_page
def draft_discard(_: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """Throw it away."""
    discard_draft(by=member, draft=draft_of(member, draft))
    return redirect("formation-list", tenant=member.tenant.slug)


@require_POST
@member_page
def draft_paste(request: HttpRequest, member: Member, draft: int) -> HttpResponse:
    """What would become of pasted seeds; nothing changes."""
    said = request.POST
    found = pasted(said.get("table", ""), provenance=said.get("provenance", "").strip() or "operator")
    shown = {"found": found, "draft": draft_of(member, draft), "member": member}
    return render(request, "builder/_pasted.html", shown)


def _operate(given: dict[str, Any], request: HttpRequest) -> Any:
    return edit_draft(**given, operations=operations_of(request.POST, given["draft"].text))


_DEEDS: dict[str, Callable[[dict[str, Any], HttpRequest], Any]] = {
    "text": lambda given, request: save_text(**given, text=request.POST.get("text", "")),
    "undo": lambda given, _: step_draft(**given, back=True),
    "redo": lambda given, _: step_draft(**given, back=False),
    "yaml": lambda given, _: rewrite_draft(**given, form="yaml"),
    "json": lambda given, _: rewrite_draft(**given, form="json"),
}


def _parts(request: HttpRequest, member: Member, draft: Any, selected: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    board = board_of(member, draft, selected)
    shown = {"with_text": True} | shown | {"board": board, "member": member, "oob": True}
    return render(request, "builder/_parts.html", shown, status=status)
