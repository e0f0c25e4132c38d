"""Random formations with effects, failures and gates, and a house that runs them cut or uncut.

`python -m tests.engine.formations N` prints the end of the first N formations, for a comparison between processes.
"""

import sys
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from runs.engine import (
    Budget,
    EffectResult,
    EffectsWanted,
    Finished,
    GateDecision,
    GatePolicy,
    GatesOpen,
    InterruptRaise,
    InvariantClass,
    LLMCall,
    Payload,
    Proposal,
    Row,
    State,
    Suggestor,
    converge,
    restore,
)
from runs.engine.effects import effect_row
from tests.engine.teams import HYPOTHESES, SEEDS, SIGNALS, STRATEGIES, Told, envelopes, text

KEYS = (SEEDS, HYPOTHESES, STRATEGIES, SIGNALS)
WORDS = ("x", "x", "x", "y", " ", "é\u2028")
CONFIDENCES = (1.0, 0.5, 0.2, 0)
TROUBLES = ("none",) * 8 + ("accepts", "suggest", "garbage", "blank", "fail")


class Part(msgspec.Struct, frozen=True):
    """How one suggestor of a formation behaves."""

    name: str
    keys: tuple[Any, ...]
    needs: tuple[Any, ...]
    says: tuple[Proposal, ...]
    effects: int
    trouble: str
    grows: bool


class Plan(msgspec.Struct, frozen=True):
    """A formation, in data: what a fresh team can be made of again."""

    parts: tuple[Part, ...]
    seeds: tuple[Proposal, ...]
    budget: Budget
    gates: GatePolicy | None
    most_facts: int

    def team(self) -> list[Suggestor]:
        return [Actor(part) for part in self.parts]


class Actor(Suggestor):
    """Plays a part; it looks at the context only."""

    def __init__(self, part: Part) -> None:
        self.part, self.name, self.dependencies, self.waits_for = part, part.name, part.keys, part.needs
        self.on_error = "fail" if part.trouble == "fail" else "diagnose"

    def accepts(self, context: Any) -> bool:
        if self.part.trouble == "accepts" and context.size % 3 == 0:
            raise KeyError(context.size)
        return all(context.fact(*name) for name in self.part.needs)

    def suggest(self, context: Any) -> Any:
        if self.part.trouble in ("suggest", "fail") and context.size % 3 == 1:
            raise ValueError(f"at {context.size}")
        return self.converse(context) if self.part.effects else self.proposals(context)

    def converse(self, context: Any) -> Any:
        heard = []
        for nth in range(self.part.effects):
            asked = {"who": self.name, "nth": nth, "size": context.size}
            answer = yield InterruptRaise(asked) if nth % 2 else LLMCall("scripted", asked)
            heard += [answer]
        said = self.proposals(context)
        return [*said, text(SIGNALS, f"heard:{self.name}", str(heard[-1]["nth"]))]

    def proposals(self, context: Any) -> list[Any]:
        says = list(self.part.says)
        if self.part.trouble == "garbage" and context.size % 2:
            return [*says, None]
        if self.part.trouble == "blank" and context.size > 4:
            return [text(HYPOTHESES, "nobody", provenance=" ")]
        if self.part.grows and context.count(HYPOTHESES) < 6:
            says.append(text(HYPOTHESES, f"{self.name}:{context.count(HYPOTHESES)}"))
        return says


class Few(msgspec.Struct):
    """An invariant that some formations break."""

    most: int
    name: str = "few"
    kind: InvariantClass = InvariantClass.STRUCTURAL

    def check(self, context: Any) -> str | None:
        return None if context.size <= self.most else f"{context.size} facts"


def a_name(random: Random) -> tuple[Any, str]:
    return random.choice(KEYS), random.choice("abc")


def a_proposal(random: Random) -> Proposal:
    return text(*a_name(random), random.choice(WORDS), random.choice(CONFIDENCES))


def a_part(random: Random, number: int) -> Part:
    return Part(
        name=f"p{number}",
        keys=tuple(random.choice(KEYS) for _ in range(random.randint(0, 2))),
        needs=tuple(a_name(random) for _ in range(random.choice((0, 0, 1)))),
        says=tuple(a_proposal(random) for _ in range(random.randint(0, 3))),
        effects=random.choice((0, 0, 0, 1, 2)),
        trouble=random.choice(TROUBLES),
        grows=random.random() < 0.4,
    )


def a_plan(random: Random) -> Plan:
    keys = tuple(key for key in KEYS[1:] if random.random() < 0.3)
    gated = random.random() < 0.6
    return Plan(
        parts=tuple(a_part(random, number) for number in range(random.randint(0, 5))),
        seeds=tuple({(one.key, one.id): one for one in (a_proposal(random) for _ in range(random.randint(0, 3)))}.values()),
        budget=Budget(
            max_cycles=random.choice((2, 5, 12)),
            max_facts=random.choice((6, 10_000)),
            max_tokens=random.choice((None, 12)),
            max_seconds=random.choice((None, 0.002)),
            max_cost_microdollars=random.choice((None, 18)),
        ),
        gates=GatePolicy(random.choice((None, 0.3)), keys) if gated else None,
        most_facts=random.choice((9, 99, 99)),
    )


def answer(request: Any) -> EffectResult:
    """The same for the same request, now an output, now an error."""
    spent = {"tokens": 4, "cost_microdollars": 9, "latency_ms": 1, "attempts": 1 + request.ordinal}
    if (request.number + request.ordinal + request.cycle) % 4 == 3:
        return EffectResult(error="503", **spent)
    return EffectResult({"nth": request.ordinal, "of": [1.0, None, "é"]}, **spent)


def decide(gate: Any) -> GateDecision:
    """Approve, reject or edit, by what is proposed; never two contents under one id."""
    choice = (KEYS.index(gate.proposal.key) + ord(gate.proposal.id[0]) + gate.cycle) % 3
    if choice == 0 or (choice == 1 and gate.proposal.text != "x"):
        return GateDecision(gate.gate_id, "reject", "ada", None)
    return GateDecision(gate.gate_id, "approve", "ada", edit=Payload.text_of("edited") if choice == 2 else None)


def run(plan: Plan, state: State, attempt: int = 1) -> Any:
    invariants = [Few(plan.most_facts)]
    terms = {"budget": plan.budget, "gates": plan.gates, "invariants": invariants, "lap": lambda: 7, "attempt": attempt}
    return converge(plan.team(), state, correlation="c-1", **terms)


class House:
    """Runs a plan as a worker would: a journal, answers kept by identity, and a death at chosen borders."""

    def __init__(self, plan: Plan, dies: Callable[[Any], str] = lambda border: "") -> None:
        self.plan, self.dies = plan, dies
        self.journal: list[Row] = []
        self.told = Told([])
        self.results: dict[Any, EffectResult] = {}
        self.attempt = 0

    def go(self) -> "House":
        while not self.conduct():
            pass
        return self

    def conduct(self) -> bool:
        """One attempt; False if it died."""
        self.attempt += 1
        state = restore(envelopes(self.journal))
        if not state.started:
            state = State.fresh(self.plan.seeds)
        conversation, reply = run(self.plan, state, self.attempt), None
        while True:
            border = conversation.send(reply)
            death = self.dies(border)
            if death != "before the flush":
                self.journal += border.rows
            if death or isinstance(border, Finished):
                self.told.borders.append(border)
                return not death
            reply = self.reply(border, state)

    def reply(self, border: Any, state: State) -> Any:
        if isinstance(border, EffectsWanted):
            return [self.resolve(request) for request in border.requests]
        return [decide(gate) for gate in border.gates] if isinstance(border, GatesOpen) else None

    def identity(self, request: Any) -> str:
        return f"{request.number}-{request.cycle}-{request.ordinal}"

    def resolve(self, request: Any) -> EffectResult:
        identity = self.identity(request)
        if identity not in self.results:
            self.results[identity] = answer(request)
            self.journal.append(effect_row(request, "resolved", identity, self.results[identity], self.attempt))
        return self.results[identity]

    @property
    def end(self) -> dict[str, Any]:
        """All that must be equal, however often the run died."""
        result = self.told.result
        return {
            "stop": result.stop_reason.to_json(),
            "message": result.message,
            "cycles": result.cycles,
            "digest": result.digest,
            "integrity": msgspec.to_builtins(result.integrity),
            "facts": [msgspec.to_builtins(fact) for fact in result.context.facts()],
            "digests": [row.data["digest"] for row in self.journal if row.kind == "CycleEnded" and row.data],
            "merged": [row.body for row in self.journal if row.family == "experience"],
        }


def ends(count: int) -> list[dict[str, Any]]:
    return [House(a_plan(Random(seed))).go().end for seed in range(count)]


if __name__ == "__main__":
    print(msgspec.json.encode(ends(int(sys.argv[1]))).decode())
