"""Small formations of every sort, conducted to their end (or to their gates) in this process."""

import json
from typing import Any

from runs.actions.formations import create_formation
from runs.actions.runs import start_run
from runs.models import Formation, Membership, Run
from runs.runner import carry, new_lease


def says(name: str, key: str, fact: str, *, text: str = "", payload: dict[str, Any] | None = None, after: list[str] | None = None) -> dict:
    """A seat that proposes one fact once."""
    accepts = [{"has_fact": after}] if after else [{"has": "Seeds"}]
    proposal: dict[str, Any] = {"key": key, "id": fact, "confidence": 0.8, "provenance": name}
    proposal |= {"text": text} if payload is None else {"payload": payload}
    given = {"dependencies": [after[0] if after else "Seeds"], "accepts": [*accepts, {"lacks_fact": [key, fact]}], "proposes": [proposal]}
    return {"kind": "rule", "name": name, "with": given}


def vote(voter: str, topic: str, decision: str, reason: str | None = None) -> dict:
    """A seat that votes once."""
    value = {"topic": topic, "voter": voter, "decision": decision} | ({"reason": reason} if reason else {})
    payload = {"family": "converge.governance.vote", "version": 1, "payload": value}
    return says(f"{voter}-on-{topic}", "Votes", f"vote:{topic}:{voter}", payload=payload)


def dissent(who: str, topic: str, reason: str) -> dict:
    """A seat that disagrees once."""
    value = {"topic": topic, "dissenter": who, "reason": reason}
    payload = {"family": "converge.governance.disagreement", "version": 1, "payload": value}
    return says(f"{who}-against-{topic}", "Disagreements", f"disagreement:{topic}:{who}", payload=payload)


def document(label: str, team: list[dict], **parts: Any) -> dict:
    """A formation with two seeds, the first of them a topic."""
    seeds = [
        {"key": "Seeds", "id": "lunch", "text": "Shall we have lunch outside?\n", "provenance": "test"},
        {"key": "Seeds", "id": "brief", "text": "Decide before noon.", "provenance": "test"},
    ]
    return {"schema": "organism.formation/v1", "label": label, "team": team, "seeds": seeds} | parts


HUDDLE = document(
    "Lunch",
    [
        {"kind": "round-starter", "with": {"max_rounds": 2}},
        says("ada", "Hypotheses", "note:ada:1", text="It is warm.\nThe benches are dry.", after=["Signals", "round:start:1"]),
        {"kind": "round-synthesizer", "with": {"expected_notes": 1, "producer": "join", "rounds": [1]}},
        vote("ada", "lunch", "yes"),
        vote("bob", "lunch", "yes", "fresh air"),
        vote("cleo", "lunch", "no", "wasps"),
        vote("ada", "pizza", "no"),
        vote("bob", "pizza", "abstain"),
        dissent("cleo", "lunch", "wasps"),
        dissent("ada", "pizza", "again?"),
        dissent("cleo", "pizza", "again?"),
        {"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 3, "decide": "first"}},
        {"kind": "disagreement-mapper", "with": {}},
    ],
)
GATED = document(
    "Gated", [says("planner", "Strategies", "plan-a", text="Buy two boats.")], gates={"keys": ["Strategies"], "self_approval": True}
)
SPENT = document(
    "Spent",
    [
        {
            "kind": "rule",
            "name": "counter",
            "with": {
                "dependencies": ["Seeds", "Signals"],
                "accepts": [{"has": "Seeds"}],
                "proposes": [{"key": "Signals", "id": "tick-{count:Signals}", "text": "tick {count:Signals}", "provenance": "test"}],
            },
        }
    ],
    budget={"max_cycles": 3, "max_facts": 100},
)


def conducted(by: Membership, formation: dict[str, Any]) -> Run:
    """A run of the formation, as far as it goes without a human."""
    run = started(by, formation, lease=new_lease())
    carry(run)
    run.refresh_from_db()
    return run


def started(by: Membership, formation: dict[str, Any], lease: str | None = None) -> Run:
    """A run of the formation, queued."""
    known = Formation.objects.of(by).filter(label=formation["label"]).first()
    version = known.latest if known else create_formation(by=by, document=json.dumps(formation))
    return start_run(by=by, version=version, lease=lease)
