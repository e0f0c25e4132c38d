"""What must hold after every drill, whatever happened in it."""

import json
from collections import Counter
from typing import Any

import msgspec

from runs.journal import rebuild
from runs.models import Cycle, Envelope, Fact, Gate, GateKind, Run
from tests.drills.scene import ONCE
from tests.drills.stage import Stage, until


class Outcome(msgspec.Struct, frozen=True):
    """What a disturbed run must have in common with an undisturbed one."""

    status: str
    chain: list[str]
    merkle_root: str
    facts: list[tuple[str, str, str]]


def outcome_of(run: Run) -> Outcome:
    """Read it."""
    facts = Fact.objects.filter(run=run).order_by("key", "fact_id").values_list("key", "fact_id", "stamp")
    chain = Cycle.objects.filter(run=run).exclude(digest=None).order_by("number").values_list("digest", flat=True)
    return Outcome(run.status, list(chain), run.merkle_root, [tuple(fact) for fact in facts])


def undisturbed(stage: Stage, name: str = "scene", document: str = "") -> Outcome:
    """What the run comes to when nothing happens to it; played once."""
    if name not in stage.references:
        run = stage.run(document)
        with stage.process():
            stage.references[name] = outcome_of(stage.finish(run))
        stage.reset()
    return stage.references[name]


def check(stage: Stage, run: Run, reference: Outcome | None = None) -> None:
    """Hold the run against the laws, and against the undisturbed one."""
    run = Run.objects.get(pk=run.pk)
    bodies = [json.loads(body) for body in Envelope.objects.filter(run=run).order_by("seq").values_list("body", flat=True)]
    check_numbers(run, bodies)
    check_effects(stage, run, bodies)
    assert rebuild(run) == []
    if reference is not None:
        assert outcome_of(run) == reference
    assert (verdict := verdict_on(stage, run)) == "verified", verdict


def check_numbers(run: Run, bodies: list[dict[str, Any]]) -> None:
    """Places and event numbers are without gap and without repetition."""
    rows = list(Envelope.objects.filter(run=run).order_by("seq").values_list("seq", "event_id"))
    assert [seq for seq, _ in rows] == [body["seq"] for body in bodies] == list(range(1, run.head + 1))
    named = [event_id for _, event_id in rows if event_id]
    assert named == [f"formation:{run.correlation_id}:{n}" for n in range(run.event_count)]


def check_effects(stage: Stage, run: Run, bodies: list[dict[str, Any]]) -> None:
    """Nothing is called without a request, nothing that is resolved is called again, and all doubts were put to people."""
    requested: Counter[str] = Counter()
    resolved: Counter[str] = Counter()
    for body in bodies:
        if "ToolCall" in body.get("effect", ()):
            name = _name(body["effect"])
            assert not resolved[name], f"{name} came up again after its result"
            requested[name] += body["phase"] == "requested"
            resolved[name] += body["phase"] in ("resolved", "denied")
    assert all(count <= requested[name] for name, count in stage.calls.items()), f"{stage.calls} but asked for {requested}"
    assert all(stage.calls[name] for name in resolved if resolved[name])
    if run.status != "cancelled":
        check_doubts(stage, run, bodies)


def check_doubts(stage: Stage, run: Run, bodies: list[dict[str, Any]]) -> None:
    """What cannot be repeated has a result, or was put to people, before anything else became of it."""
    open_ones: set[str] = set()
    doubts: Counter[str] = Counter()
    for body in bodies:
        if body.get("effect", {}).get("ToolCall", {}).get("tool") == ONCE:
            identity = body["identity"]
            assert body["phase"] != "requested" or identity not in open_ones, "it was simply repeated"
            (open_ones.add if body["phase"] == "requested" else open_ones.discard)(identity)
            doubts[identity] += body["phase"] == "in_doubt"
    raised = Counter(Gate.objects.filter(run=run, kind=GateKind.DOUBT).values_list("identity", flat=True))
    assert +doubts == raised
    assert stage.doubtful <= raised
    assert not open_ones


def _name(effect: dict[str, Any]) -> str:
    call = effect["ToolCall"]
    return f"{call['tool']}|{call['input']['who']}|{call['input']['text']}"


def verdict_on(stage: Stage, run: Run) -> str:
    """What executing the run again says, in a process of its own."""
    process = stage.start(what="verify", run=run.pk)
    until(lambda: process.has_ended, "verifying")
    return (stage.folder / f"{process.number}.verdict").read_text()
