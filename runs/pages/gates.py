"""The gate inbox, the page of one gate, and deciding."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from runs.actions.edits import EditInvalid
from runs.actions.gates import EDIT, SAYINGS, UnableToDecide, can_decide, check_decide, decide_gate
from runs.engine.gates import APPROVE, REJECT
from runs.engine.questions import ANSWER, RETRY
from runs.pages.door import member_page, page
from runs.pages.fields import Field, answer_fields, edit_fields, refilled, value_from
from runs.reading import gates as reading
from runs.reading.members import Member


@dataclass(frozen=True)
class Card:
    """A gate with what this member may say at it (a button shown is an action allowed), and why they may not approve."""

    view: reading.GateView
    may: frozenset[str]
    why_not: str
    fields: list[Field] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    said: str = ""

    @property
    def is_mine(self) -> bool:
        """Whether this member has anything to say."""
        return bool(self.may)

    @property
    def has_verdict(self) -> bool:
        """Whether there is a verdict that needs no more than a reason."""
        return bool(self.may & {APPROVE, REJECT, RETRY})


def card_of(view: reading.GateView, member: Member) -> Card:
    """The card of one gate."""
    gate = view.gate
    may = frozenset(verdict for verdict in SAYINGS[gate.kind] if can_decide(gate, by=member, verdict=verdict, voices=view.votes))
    return Card(view, may, _why_not(view, member), _fields(view))


def cards_of(views: Iterable[reading.GateView], member: Member) -> list[Card]:
    """The cards, those with something to say for this member first."""
    return sorted((card_of(view, member) for view in views), key=lambda card: not card.is_mine)


@member_page
def gate_list(request: HttpRequest, member: Member) -> HttpResponse:
    """Everything in the tenant that waits for a decision, one's own first, then what is due soonest."""
    cards = cards_of(reading.gates_waiting(member), member)
    shown = {"cards": cards, "mine": sum(card.is_mine for card in cards)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "gates/_list_alone.html", {"member": member, "waiting": len(cards)} | shown)
    return page(request, "gates/list.html", member, "gates", **shown)


@member_page
def gate_detail(request: HttpRequest, member: Member, gate: int) -> HttpResponse:
    """One gate, also when it is closed."""
    return _detail(request, member, card_of(reading.gate_view(member, gate), member))


@member_page
def run_gate(_: HttpRequest, member: Member, uuid: str, seq: int) -> HttpResponse:
    """To the gate that was requested at that place of a journal: an address that stays true when projections are rebuilt."""
    return redirect("gate-detail", tenant=member.tenant.slug, gate=reading.gate_at(member, uuid, seq).pk)


@require_POST
@member_page
def gate_decide(request: HttpRequest, member: Member, gate: int) -> HttpResponse:
    """Say one's word; then to where the next one waits. What does not fit stays in its form, with what is wrong."""
    view = reading.gate_view(member, gate)
    verdict = request.POST.get("verdict", "")
    try:
        given = _given(view, verdict, request)
        decided = decide_gate(by=member, gate=view.gate, verdict=verdict, reason=request.POST.get("reason", "").strip(), **given)
    except EditInvalid as error:
        card = card_of(view, member)
        wrong = Card(view, card.may, card.why_not, refilled(card.fields, request.POST), error.errors, verdict)
        return _detail(request, member, wrong, status=400)
    except UnableToDecide as refusal:
        messages.error(request, f"{view.gate.name}: {refusal}.")
    else:
        messages.success(request, _recorded(decided))
    return redirect(_back(request, member, view))


def _detail(request: HttpRequest, member: Member, card: Card, status: int = 200) -> HttpResponse:
    shown = {"card": card, "consequences": reading.consequences_of(card.view)}
    answer = page(request, "gates/detail.html", member, "gates", **shown)
    answer.status_code = status
    return answer


def _fields(view: reading.GateView) -> list[Field]:
    return answer_fields(view.schema) if view.is_question else edit_fields(view.payload.get("family", ""), view.value)


def _given(view: reading.GateView, verdict: str, request: HttpRequest) -> dict[str, Any]:
    """The edit or the answer that was filled in."""
    if verdict not in (EDIT, ANSWER) or verdict not in SAYINGS[view.gate.kind]:
        return {}
    if verdict == EDIT:
        return {EDIT: {"payload": value_from(_fields(view), request.POST, "edit.payload")}}
    return {ANSWER: value_from(_fields(view), request.POST, "answer")}


def _why_not(view: reading.GateView, member: Member) -> str:
    """Why the first thing to say is not this member's."""
    try:
        check_decide(view.gate, by=member, verdict=SAYINGS[view.gate.kind][0], voices=view.votes)
    except UnableToDecide as refusal:
        return str(refusal)
    return ""


def _recorded(gate: Any) -> str:
    if gate.status == "pending":
        return f"{gate.name}: your decision is recorded; the gate waits for others."
    return f"{gate.name}: your decision is recorded."


def _back(request: HttpRequest, member: Member, view: reading.GateView) -> Any:
    wanted = request.POST.get("next", "")
    if wanted == "next-gate":
        waiting = reading.next_waiting(member, view.gate)
        after = next((gate for gate in waiting if can_decide(gate, by=member)), None)
        return reverse("gate-detail", args=[member.tenant.slug, after.pk]) if after else reverse("gate-list", args=[member.tenant.slug])
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("gate-list", args=[member.tenant.slug])
