"""The suggestor that has problems solved: assignment, knapsack, scheduling, budget allocation."""

from collections.abc import Generator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, EffectFailed, Fact, Payload, Proposal, Suggestor, ToolCall
from runs.engine.wire import decode
from runs.suggestors.growing import Growing
from runs.suggestors.optimization import PROBLEM_FAMILY, SOLUTION_FAMILY, Problem, Solution
from runs.suggestors.providers.solver import MOST_WORK, NAME, USUAL_WORK, missing
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.shape import fitted

ANSWERS = (ContextKey.PROPOSALS, ContextKey.CONSTRAINTS, ContextKey.DIAGNOSTIC)


class SolverParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `solver`."""

    key: Annotated[Literal["Seeds", "Strategies"], Meta(description="Where problems stand: payloads of family organism.problem.")] = "Seeds"
    max_deterministic_time: Annotated[
        float,
        Meta(gt=0, le=MOST_WORK, description="How much work each problem may be, in the solver's own measure instead of time."),
    ] = USUAL_WORK
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1, description="Another seed may find another solution that is as good.")] = 0


class Solver(Suggestor):
    """Has each problem under its key solved, once, and says `<seat>:<id of the problem>`.

    A solution is a proposal under Proposals, a problem without one stands under Constraints with the conditions that
    conflict, and what could not be solved under Diagnostic.
    """

    provenance = "organism-solver"

    def __init__(self, params: SolverParams | None = None, name: str = "solver") -> None:
        self.name = name
        self._params = params or SolverParams()
        self._key = ContextKey(self._params.key)
        self.dependencies = (self._key,)
        self._waiting = Growing[list[Fact]](self._key, list, _take)

    def accepts(self, context: Context) -> bool:
        """Tell whether a problem is unsolved."""
        return bool(self._unsolved(context))

    def suggest(self, context: Context) -> Generator[ToolCall, Any, list[Proposal]]:
        """Have every unsolved problem solved."""
        said = []
        for fact in list(self._unsolved(context)):
            said.append((yield from self._solved(fact)))  # noqa: PERF401 -- no comprehension can yield
        return said

    def _unsolved(self, context: Context) -> list[Fact]:
        waiting = self._waiting.of(context)
        waiting[:] = [fact for fact in waiting if not self._is_answered(self._id(fact), context)]
        return waiting

    def _id(self, fact: Fact) -> str:
        return f"{self.name}:{fact.id}"

    def _is_answered(self, id: str, context: Context) -> bool:
        names = [*((key, id) for key in ANSWERS), (ContextKey.DIAGNOSTIC, f"hitl-rejected:{id}")]
        return any(context.fact(*name) for name in names)

    def _solved(self, fact: Fact) -> Generator[ToolCall, Any, Proposal]:
        problems: list[tuple[str, str]] = []
        problem: Any = fitted(problem_in(fact.payload), Problem, "problem", problems)  # type: ignore[arg-type]
        if problem is None:
            return self._failed(fact, "; ".join(f"{path}: {message}" for path, message in problems))
        asked = msgspec.to_builtins(self._params)
        del asked["key"]
        try:
            answer = yield ToolCall(NAME, {"problem": msgspec.to_builtins(problem)} | asked)
            solution = msgspec.convert(answer, Solution)
        except (EffectFailed, msgspec.ValidationError) as error:
            return self._failed(fact, str(error))
        return self._said(fact, solution)

    def _said(self, fact: Fact, solution: Solution) -> Proposal:
        if solution.status == "unknown":
            return self._failed(fact, "; ".join(solution.says))
        key = ContextKey.CONSTRAINTS if solution.status == "infeasible" else ContextKey.PROPOSALS
        payload = Payload.of(SOLUTION_FAMILY, msgspec.to_builtins(solution))
        return Proposal(key, self._id(fact), payload, self.provenance, used=((fact.key, fact.id),))

    def _failed(self, fact: Fact, why: str) -> Proposal:
        payload = Payload.diagnostic_of(self.name, f"{fact.key}/{fact.id} is not solved: {why}")
        return Proposal(ContextKey.DIAGNOSTIC, self._id(fact), payload, self.provenance, used=((fact.key, fact.id),))


def problem_in(payload: Payload) -> Any:
    """The JSON of a problem, from its own family or from a text; None for everything else."""
    if payload.family == PROBLEM_FAMILY and payload.version == 1:
        return payload.value
    try:
        value = decode(payload.text or "")
    except (msgspec.MsgspecError, ValueError):
        return None
    inner = value.get(PROBLEM_FAMILY) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else None


def _take(waiting: list[Fact], fact: Fact) -> None:
    """Only what is a problem is waited for."""
    if problem_in(fact.payload) is not None:
        waiting.append(fact)


register(
    Kind(
        kind="solver",
        summary="Solves problems of assignment, packing, scheduling and budgets.",
        params=SolverParams,
        build=Solver,
        reads=lambda params: (ContextKey(params.key), *ANSWERS),
        writes=always(*ANSWERS),
        reaches_out=True,
        missing=lambda _: missing(),
    )
)
