"""Small formation documents, made of nothing but rules."""

import json
from typing import Any


def rule(name: str, key: str, id: str, text: str, *, after: tuple[str, str] | None = None, confidence: float = 1.0) -> dict[str, Any]:
    """A seat that says one thing once, after another fact."""
    heard = [{"has_fact": list(after)}] if after else []
    proposal = {"key": key, "id": id, "text": text, "provenance": name, "confidence": confidence}
    wakes = [after[0]] if after else ["Seeds"]
    return {
        "kind": "rule",
        "name": name,
        "with": {"dependencies": wakes, "accepts": [*heard, {"lacks_fact": [key, id]}], "proposes": [proposal]},
    }


def document(label: str, team: list[dict[str, Any]], **members: Any) -> str:
    """The document's JSON, with one seed unless told otherwise."""
    seeds = [{"key": "Seeds", "id": "s1", "text": "Choose", "provenance": "operator"}]
    return json.dumps({"schema": "organism.formation/v1", "label": label, "team": team, "seeds": seeds} | members)


def chain(length: int, **members: Any) -> str:
    """Each seat waits for the fact of the one before it: as many cycles as seats, and one more."""
    team = [rule("step-0", "Hypotheses", "h0", "step 0")]
    team += [rule(f"step-{n}", "Hypotheses", f"h{n}", f"step {n}", after=("Hypotheses", f"h{n - 1}")) for n in range(1, length)]
    return document(f"Chain of {length}", team, **members)


def gated(plans: int = 1, **gates: Any) -> str:
    """Some plans, each of which a human must let through, and what follows from the first."""
    team = [rule(f"planner-{n}", "Strategies", f"plan-{n}", f"Plan {n}") for n in range(plans)]
    team.append(rule("builder", "Proposals", "built", "Built", after=("Strategies", "plan-0")))
    return document("Gated", team, gates={"keys": ["Strategies"]} | gates)
