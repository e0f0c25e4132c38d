"""Closing gates of a run that waits. While it waits nobody holds a lease: whoever decides appends, under the row lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from msgspec import UNSET

from runs.engine import State, StopReason, ending
from runs.engine.effects import EffectResult
from runs.engine.facts import Payload
from runs.engine.gates import APPROVE, REJECT, GateDecision, Parked, decision_row, event_row
from runs.engine.questions import closing_rows, effect_asked_about, hide_answer
from runs.engine.wire import Row, decode
from runs.journal.append import append
from runs.journal.hiding import clear_question, veiled
from runs.journal.restoring import reading_of, restored
from runs.models import Gate, Run, RunStatus


def locked(run_id: int) -> Run:
    """The run, its row locked until the end of the transaction."""
    return Run.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=run_id)


def record(run: Run, *rows: Row, at: datetime | None = None) -> None:
    """Journal what was said at a gate that stays open."""
    append(run, [(at or timezone.now(), rows)])


def record_decision(run: Run, gate: Gate, decision: GateDecision, *, before: Sequence[Row] = (), at: datetime | None = None) -> None:
    """Close a gate; when it was the last one of its cycle, the run is queued again. Raises `InvalidResume`, `JournalDamaged`."""
    with reading_of(run):
        parked = _parked(run, gate.cycle)
    row = decision_row(parked.decide(decision), decision)
    status = RunStatus.WAITING if parked.open_gates else RunStatus.QUEUED
    append(run, [(at or timezone.now(), [*before, row])], columns={"status": status})


def record_answer(
    run: Run,
    gate: Gate,
    *,
    verdict: str,
    by: str,
    reason: str | None,
    result: EffectResult | None,
    answer: Any = UNSET,
    before: Sequence[Row] = (),
    at: datetime | None = None,
) -> None:
    """Close a question: `result` is what its effect came to, None if it is to be repeated. After the last one the run is queued.

    Raises `CannotUnseal` when an answer goes to a question in which something is hidden that cannot be opened here.
    """
    question = gate.question_value
    about, sealed = effect_asked_about(question, gate.suggestor or "", gate.cycle), question.get("sealed")
    if answer is not UNSET:
        request, names = clear_question(gate)
        answer = hide_answer(gate.kind, answer, names)
        _, result, sealed = veiled(request, names, result)
    rows = closing_rows(
        gate.request_value,
        about,
        question["identity"],
        verdict=verdict,
        by=by,
        reason=reason,
        answer=answer,
        result=result,
        attempt=run.attempt,
        sealed=sealed,
    )
    others = Gate.objects.pending().filter(run=run).exclude(pk=gate.pk).exists()
    status = RunStatus.WAITING if others else RunStatus.QUEUED
    append(run, [(at or timezone.now(), [*before, *rows])], columns={"status": status})


def record_cancellation(run: Run) -> None:
    """End a run that nobody conducts, with the gates that it waits for. Raises `JournalDamaged`."""
    state = restored(run) if run.head else State.fresh()
    rows, _ = ending(state, StopReason.of("UserCancelled"), None, run.correlation_id, max(run.attempt, 1))
    append(run, [(timezone.now(), rows)], columns={"cancel_requested": True})


def decision_of(gate: Gate, *, verdict: str, by: str, reason: str | None = None) -> GateDecision:
    """What the engine is told; `verdict` is `approve` or `reject`. What is approved is the edit, where there is one."""
    assert verdict in (APPROVE, REJECT)
    edit = gate.edit_value if verdict == APPROVE else None
    if edit is None:
        return GateDecision(gate.gate_id, verdict, by, reason)
    return GateDecision(gate.gate_id, verdict, by, reason, Payload.from_json(edit), gate.edited_by)


def voice_row(gate: Gate, verdict: str, by: str, reason: str | None) -> Row:
    """GateVoted."""
    return _voted(gate, {"gate_id": gate.gate_id, "verdict": verdict, "by": by, "reason": reason, "round": gate.round})


def edit_row(gate: Gate, edit: Payload, by: str, reason: str | None) -> Row:
    """GateVoted with an edit, which begins a new round of voices."""
    data = {"gate_id": gate.gate_id, "verdict": "edit", "by": by, "reason": reason, "round": gate.round + 1}
    return _voted(gate, data | {"edit": edit.to_json()})


def expiry_row(gate: Gate, action: str, seconds: int) -> Row:
    """GateExpired; put before the admins, the gate begins a new round of voices."""
    number = gate.round + 1 if action == "escalate" else gate.round
    data = {"gate_id": gate.gate_id, "action": action, "timeout_secs": seconds, "round": number}
    return event_row("progress", "GateExpired", gate.cycle, gate.suggestor, data)


def _voted(gate: Gate, data: dict[str, Any]) -> Row:
    return event_row("progress", "GateVoted", gate.cycle, gate.suggestor, data)


def _parked(run: Run, cycle: int) -> Parked:
    """The waiting cycle with the decisions that were made, read from the end of the journal."""
    told = run.envelopes.filter(cycle=cycle, kind__in=("CycleParked", "GateDecisionRecorded")).order_by("-seq")
    decisions: list[GateDecision] = []
    for body in told.values_list("body", flat=True).iterator(chunk_size=100):
        envelope = decode(body)
        data = envelope["event"]["data"]
        if envelope["kind"] == "CycleParked":
            parked = Parked.from_json(cycle, data)
            parked.decisions.update({decision.gate_id: decision for decision in decisions})
            return parked
        decisions.append(GateDecision.from_json(data["decision"]))
    raise LookupError(f"cycle {cycle} of run {run.pk} does not wait")
