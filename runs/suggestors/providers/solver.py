"""The provider that solves `organism.problem`: it is a part of every installation, and reaches nothing outside.

It needs the extra `optimize` (OR-Tools), which is brought in with the first problem and not before.
"""

import sys
from importlib.util import find_spec
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from runs.engine.effects import EffectResult
from runs.suggestors.optimization import Problem
from runs.suggestors.providers.provider import Call, ErrorKind, Provider, ProviderError, Terms
from runs.suggestors.providers.scripted import input_of

NAME = "organism.solver"
EXTRA = "optimize"
#: Work in the solver's own measure, one of which takes a few seconds of a usual machine.
USUAL_WORK, MOST_WORK = 3.0, 30.0


class Solving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the provider is asked."""

    problem: Problem
    max_deterministic_time: Annotated[float, Meta(gt=0, le=MOST_WORK)] = USUAL_WORK
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class Solver(Provider):
    """Solves a problem with one worker, a fixed seed and a limit of work, so that the answer is the same on every machine."""

    terms = Terms(timeout_seconds=300.0, deadline_seconds=600.0, max_attempts=2)

    def answer(self, call: Call) -> EffectResult:
        """Solve."""
        asked = _read(input_of(call.effect))
        check_installed()
        from runs.suggestors.providers.solving.solve import Effort, TookTooLong, solve

        try:
            solution = solve(asked.problem, Effort(asked.max_deterministic_time, call.seconds, asked.seed))
        except TookTooLong as error:
            raise ProviderError(ErrorKind.TIMEOUT, f"no answer within {call.seconds:g} seconds") from error
        except ValueError as error:
            raise ProviderError(ErrorKind.PERMANENT, str(error)) from error
        return EffectResult(msgspec.to_builtins(solution))


def missing() -> str | None:
    """What must be installed before anything can be solved."""
    return None if find_spec("ortools") else f"OR-Tools is not installed: pip install 'organism-web[{EXTRA}]'"


def check_installed() -> None:
    """Raise `ProviderError` unless OR-Tools can be brought in."""
    if lack := missing():
        raise ProviderError(ErrorKind.PERMANENT, lack)
    if "highspy" in sys.modules:
        raise ProviderError(ErrorKind.PERMANENT, "OR-Tools cannot be brought into a process that has imported highspy")


def _read(given: Any) -> Solving:
    try:
        return msgspec.convert(given, Solving)
    except msgspec.ValidationError as error:
        raise ProviderError(ErrorKind.PERMANENT, f"the problem cannot be read: {error}") from error
