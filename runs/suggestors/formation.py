"""The fluent builder: a formation put together, and run to its end, in Python."""

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, Self

import msgspec

from runs.engine import (
    Border,
    Budget,
    Conflict,
    ConsensusOutcome,
    ConsensusRule,
    Context,
    ContextKey,
    ConvergeResult,
    Disagreement,
    EffectRequest,
    EffectResult,
    EffectSink,
    EffectsWanted,
    Finished,
    GateDecision,
    GatePolicy,
    GateRequest,
    GatesOpen,
    NoopEffectSink,
    Payload,
    Proposal,
    State,
    StopReason,
    Suggestor,
    Vote,
    converge,
    ending,
)
from runs.engine.events import ExperienceEventObserver
from runs.engine.governance import DISAGREEMENT_FAMILY, OUTCOME_FAMILY, VOTE_FAMILY
from runs.engine.integrity import IntegrityProof
from runs.suggestors.conditions import Condition
from runs.suggestors.huddle import ConsensusEvaluator, DisagreementMapper, RoundStarter, RoundSynthesizer, SynthesisProducer
from runs.suggestors.providers.built_in import answered_here
from runs.suggestors.teams import adversarial_team, learning_priors, simulation_swarm, stress_test

Answer = Callable[[EffectRequest], Any]
Decide = Callable[[GateRequest], GateDecision | None]
Typed = Payload | Vote | Disagreement | ConsensusOutcome

_FAMILIES: dict[type, str] = {Vote: VOTE_FAMILY, Disagreement: DISAGREEMENT_FAMILY, ConsensusOutcome: OUTCOME_FAMILY}
_SUCCESSES = ("Converged", "CriteriaMet")


def payload_of(value: Typed) -> Payload:
    """The payload of a vote, a disagreement or an outcome; a payload as it is."""
    return value if isinstance(value, Payload) else Payload.of(_FAMILIES[type(value)], msgspec.to_builtins(value))


class Formation:
    """A team in order of registration, its seeds in order, a budget and gates. Every method but `run…` returns the formation."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.budget = Budget()
        self.gates: GatePolicy | None = None
        self.sink: EffectSink = NoopEffectSink()
        self._team: list[Suggestor] = []
        self._seeds: list[Proposal] = []

    def agent(self, suggestor: Suggestor) -> Self:
        """Append a suggestor."""
        self._team.append(suggestor)
        return self

    def seed(self, key: ContextKey, id: str, content: str, provenance: str) -> Self:
        """Append a seed of text."""
        return self.seed_payload(key, id, Payload.text_of(content), provenance)

    def seed_payload(self, key: ContextKey, id: str, payload: Typed, provenance: str) -> Self:
        """Append a seed of any family; votes, disagreements and outcomes are wrapped."""
        self._seeds.append(Proposal(key, id, payload_of(payload), provenance))
        return self

    def with_budget(self, budget: Budget) -> Self:
        """Replace the budget."""
        self.budget = budget
        return self

    def with_gates(self, gates: GatePolicy) -> Self:
        """Let humans decide what the policy says; `run` then needs `decide`."""
        self.gates = gates
        return self

    def with_consensus_evaluator(self, rule: ConsensusRule | str, total_voters: int, **options: Any) -> Self:
        """Append a `ConsensusEvaluator`."""
        return self.agent(ConsensusEvaluator(rule, total_voters, **options))

    def with_round_starter(self, max_rounds: int, **options: Any) -> Self:
        """Append a `RoundStarter`."""
        return self.agent(RoundStarter(max_rounds, **options))

    def with_round_synthesizer(self, expected: int, producer: SynthesisProducer, **options: Any) -> Self:
        """Append a `RoundSynthesizer`."""
        return self.agent(RoundSynthesizer(expected, producer, **options))

    def with_disagreement_mapper(self, *, output_key: ContextKey = ContextKey.DIAGNOSTIC, when: Sequence[Condition] | None = None) -> Self:
        """Append a `DisagreementMapper`."""
        return self.agent(DisagreementMapper(output_key=output_key, when=when))

    def recording_effects(self, sink: EffectSink) -> Self:
        """Tell `sink` of every effect that is asked for, under the formation's label."""
        self.sink = sink
        return self

    def agents(self, suggestors: Iterable[Suggestor]) -> Self:
        """Append several suggestors."""
        self._team.extend(suggestors)
        return self

    def with_simulation_swarm(self, **options: Any) -> Self:
        """Append the simulators of outcome, cost, policy, causes and operations, and what they recommend (`teams`)."""
        return self.agents(simulation_swarm(**options))

    def with_adversarial_team(self, **options: Any) -> Self:
        """Append assumption-breaker, constraint-checker, economic-skeptic and operational-skeptic (`teams`)."""
        return self.agents(adversarial_team(**options))

    def with_learning_priors(self, **options: Any) -> Self:
        """Append a `PlanningPrior`."""
        return self.agents(learning_priors(**options))

    def with_stress_test_pipeline(self, **options: Any) -> Self:
        """Append priors, the adversarial team and the simulation swarm (`teams`)."""
        return self.agents(stress_test(**options))

    def run(self, *, answer: Answer | None = None, decide: Decide | None = None) -> "FormationResult":
        """Run to the end; raises `ConvergenceFailed` for every end but Converged and CriteriaMet.

        `answer` is asked for each effect and returns an `EffectResult`, or simply the output; without it only built-in providers answer.
        `decide` is asked for each gate; a gate that it leaves open (None) ends the run.
        """
        return self._run(None, answer, decide)

    def run_with_event_observer(
        self, observer: ExperienceEventObserver, *, answer: Answer | None = None, decide: Decide | None = None
    ) -> "FormationResult":
        """`run`, with `observer` hearing every experience event."""
        return self._run(observer, answer, decide)

    def _run(self, observer: ExperienceEventObserver | None, answer: Answer | None, decide: Decide | None) -> "FormationResult":
        try:
            state = State.fresh(self._seeds)
        except Conflict as conflict:
            _, failed = ending(State.fresh(), conflict.stop_reason, conflict)
            raise ConvergenceFailed(failed.message, FormationResult(self.label, failed)) from conflict
        loop = converge(self._team, state, budget=self.budget, gates=self.gates, observer=observer)
        result = FormationResult(self.label, _drive(loop, state, self._recorded(answer or answered_here), decide or _undecided))
        if result.stop_reason.kind not in _SUCCESSES:
            raise ConvergenceFailed(result.message, result) from result.converge_result.error
        return result

    def _recorded(self, answer: Answer) -> Answer:
        def recorded(request: EffectRequest) -> Any:
            self.sink.record(self.label, request.effect)
            return answer(request)

        return recorded


def _drive(loop: Generator[Border, Any, None], state: State, answer: Answer, decide: Decide) -> ConvergeResult:
    """Answer at every border until the run is over, or a gate stays open."""
    reply: Any = None
    while True:
        border = loop.send(reply)
        reply = None
        if isinstance(border, Finished):
            return border.result
        if isinstance(border, EffectsWanted):
            reply = [_result_of(answer(request)) for request in border.requests]
        elif isinstance(border, GatesOpen):
            reply = [decision for gate in border.gates if (decision := decide(gate)) is not None]
            if not reply:
                loop.close()
                return _left_open(state, border.gates[0])


def _result_of(answer: Any) -> EffectResult:
    return answer if isinstance(answer, EffectResult) else EffectResult(answer)


def _undecided(_: GateRequest) -> None:
    return None


def _left_open(state: State, gate: GateRequest) -> ConvergeResult:
    told = gate.to_json()
    stop = StopReason.of("HitlGatePending", **{name: told[name] for name in ("gate_id", "proposal_id", "summary", "agent_id", "cycle")})
    return ending(state, stop)[1]


class FormationResult:
    """What became of a formation: its label, and the engine's result, whose parts are at hand here."""

    def __init__(self, label: str, converge_result: ConvergeResult) -> None:
        self.label = label
        self.converge_result = converge_result

    @property
    def converged(self) -> bool:
        """Whether nothing was left to do."""
        return self.converge_result.converged

    @property
    def cycles(self) -> int:
        """Number of the last cycle, the empty one included."""
        return self.converge_result.cycles

    @property
    def stop_reason(self) -> StopReason:
        """Why it ended."""
        return self.converge_result.stop_reason

    @property
    def context(self) -> Context:
        """All facts; also after a failure."""
        return self.converge_result.context

    @property
    def integrity(self) -> IntegrityProof:
        """Merkle root, Lamport time, number of facts."""
        return self.converge_result.integrity

    @property
    def digest(self) -> str:
        """The last link of the digest chain."""
        return self.converge_result.digest

    @property
    def message(self) -> str:
        """The error's text, or the stop reason in words."""
        return self.converge_result.message


class ConvergenceFailed(Exception):
    """A formation did not converge; `message` is the engine's text, `result` holds everything up to there."""

    def __init__(self, message: str, result: FormationResult) -> None:
        super().__init__(f"convergence failed: {message}")
        self.message, self.result = message, result
