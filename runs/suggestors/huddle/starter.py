"""The suggestor that starts the rounds."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context, Payload, Proposal, Suggestor
from runs.suggestors.conditions import Conditions, compiled, keys_of
from runs.suggestors.huddle.conventions import MOST_ROUNDS, PROVENANCE, RoundConventions, Terminal, never
from runs.suggestors.lacking import Lack
from runs.suggestors.registry import Keys, Kind, register


class RoundStarter(Suggestor):
    """Starts round 1, and each further round when its predecessor's continue marker stands; one a cycle.

    With `strict_order` a round starts only after the one before it started; without, a marker alone is enough.
    """

    def __init__(
        self,
        max_rounds: int,
        *,
        terminal: Terminal | None = None,
        strict_order: bool = True,
        conventions: RoundConventions | None = None,
        name: str = "organism-round-starter",
    ) -> None:
        self.name = name
        self._max_rounds = max_rounds
        self._terminal = terminal or never
        self._strict_order = strict_order
        self._conventions = conventions or RoundConventions()

    def accepts(self, context: Context) -> bool:
        """Tell whether a round may start."""
        return not self._terminal(context) and self._next(context) is not None

    def _next(self, context: Context) -> int | None:
        rules = self._conventions
        if not rules.has_started(context, 1):
            return 1
        for number in range(1, self._max_rounds):
            started = not self._strict_order or rules.has_started(context, number)
            if started and rules.goes_on_after(context, number) and not rules.has_started(context, number + 1):
                return number + 1
        return None

    def lacks(self, context: Context) -> Iterator[Lack]:
        """The marker that would start the next round; or that no further round may start."""
        if self._terminal(context):
            yield Lack("its terminal conditions hold")
        started = [number for number in range(1, self._max_rounds + 1) if self._conventions.has_started(context, number)]
        last = max(started, default=0)
        if last >= self._max_rounds > 0:
            yield Lack(f"round {last}, the last one, has started")
        elif last and self._next(context) is None:
            yield Lack(f"{self._conventions.continue_key}/{self._conventions.continue_prefix}{last} is missing")

    def suggest(self, context: Context) -> list[Proposal]:
        """The signal of the next round."""
        number = self._next(context)
        if number is None:
            return []
        rules = self._conventions
        id, payload = f"{rules.round_signal_prefix}{number}", Payload.text_of(f"start round {number}")
        used = ((rules.continue_key, f"{rules.continue_prefix}{number - 1}"),) if number > 1 else ()
        return [Proposal(rules.round_signal_key, id, payload, PROVENANCE, used=used)]


class RoundStarterParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `round-starter`."""

    max_rounds: Annotated[int, Meta(ge=0, le=MOST_ROUNDS, description="Most rounds; round 1 starts in any case.")]
    terminal: Annotated[Conditions | None, Meta(description="No round starts once all of these hold.")] = None
    strict_order: Annotated[bool, Meta(description="A round starts only after the one before it started.")] = True
    conventions: Annotated[RoundConventions, Meta(description="Keys and prefixes of the rounds.")] = RoundConventions()


def _build(params: RoundStarterParams, name: str) -> RoundStarter:
    terminal = None if params.terminal is None else compiled(params.terminal)
    return RoundStarter(params.max_rounds, terminal=terminal, strict_order=params.strict_order, conventions=params.conventions, name=name)


def _reads(params: RoundStarterParams) -> Keys:
    rules = params.conventions
    return tuple(dict.fromkeys((rules.round_signal_key, rules.continue_key, *keys_of(params.terminal or ()))))


register(
    Kind(
        kind="round-starter",
        summary="Starts the rounds of a huddle, one after the other.",
        params=RoundStarterParams,
        build=_build,
        reads=_reads,
        writes=lambda params: (params.conventions.round_signal_key,),
    )
)
