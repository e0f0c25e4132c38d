"""A scenario as objects of the engine: team, seeds, budget, gates, decisions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runs.engine import Budget, Context, ContextKey, GatePolicy, Payload, PayloadRegistry, Proposal, Suggestor
from runs.engine.facts import clamped
from runs.suggestors.conditions import condition_of, holds
from runs.suggestors.huddle import ConsensusEvaluator, DisagreementMapper, RoundStarter, RoundSynthesizer, SynthesisFailed
from runs.suggestors.rule import Rule
from runs.suggestors.stall import RoleStall

Json = Mapping[str, Any]


def check_ok(value: Any) -> None:
    """The validation of family `test.checked`: `ok` must be true."""
    if value.get("ok") is not True:
        raise ValueError("ok is not true")


def registry() -> PayloadRegistry:
    """The standard families and the two invented for the vectors."""
    families = PayloadRegistry.standard()
    families.register("test.data", 1, Any)
    families.register("test.checked", 1, dict[str, Any], check_ok)
    return families


def proposal_of(data: Json) -> Proposal:
    """A seed, or a proposal without templates."""
    payload = data["payload"]
    return Proposal(
        ContextKey(data["key"]),
        data["id"],
        Payload.of(payload["family"], payload["payload"], payload["version"]),
        data["provenance"],
        clamped(data.get("confidence", 1.0)),
    )


def team_of(scenario: Json) -> list[Suggestor]:
    """Fresh suggestors, in order of registration; a name that is taken gets a number, so that rows tell them apart."""
    team = [_builtin(data) if "builtin" in data else _scripted(data) for data in scenario["suggestors"]]
    names: set[str] = set()
    for number, suggestor in enumerate(team):
        if suggestor.name in names:
            suggestor.name = f"{suggestor.name}#{number}"
        names.add(suggestor.name)
    return team


def _scripted(data: Json) -> Suggestor:
    return Rule(
        data["name"],
        [ContextKey(key) for key in data["dependencies"]],
        [condition_of(one) for one in data["accepts"]],
        [proposal_of(one) for one in data["proposes"]],
    )


class CountingProducer:
    """Counts the notes; fails for the listed rounds."""

    def __init__(self, failing: Sequence[int]) -> None:
        self._failing = failing

    def synthesize(self, number: int, notes: Sequence[Any], context: Context) -> Payload:
        """The text of the vectors."""
        if number in self._failing:
            raise SynthesisFailed(f"synthesis failed for round {number}")
        return Payload.text_of(f"round {number} from {len(notes)} notes")


def _terminal(data: Json) -> Callable[[Context], bool] | None:
    if "terminal" not in data:
        return None
    conditions = [condition_of(one) for one in data["terminal"]]
    return lambda context: holds(conditions, context)


def _builtin(data: Json) -> Suggestor:
    match data["builtin"]:
        case "consensus_evaluator":
            return ConsensusEvaluator(data["rule"], data["total_voters"], decide="first", report_undecided=False)
        case "round_starter":
            return RoundStarter(data["max_rounds"], terminal=_terminal(data), strict_order=False)
        case "round_synthesizer":
            producer = CountingProducer(data.get("fail_rounds", ()))
            return RoundSynthesizer(data["expected"], producer, terminal=_terminal(data), wake_on_signals=False)
        case "disagreement_mapper":
            return DisagreementMapper(output_key=ContextKey(data.get("output_key", "Diagnostic")))
        case "role_stall":
            return RoleStall(ContextKey(data["watched_key"]), data["role"], min_progress=data.get("min_progress", 3))
    raise ValueError(f"unknown builtin {data['builtin']!r}")


def budget_of(scenario: Json) -> Budget:
    """The scenario's limits over the engine's defaults."""
    return Budget(**scenario.get("budget", {}))


def gates_of(scenario: Json) -> GatePolicy | None:
    """The policy of the pausing run; None for the plain one."""
    hitl = scenario.get("hitl")
    if hitl is None:
        return None
    keys = tuple(ContextKey(key) for key in hitl["gated_keys"])
    return GatePolicy(hitl.get("confidence_threshold"), keys)
