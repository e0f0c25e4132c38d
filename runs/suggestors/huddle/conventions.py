"""Where the rounds of a huddle are written, and how their numbers are read."""

import re
from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey
from runs.suggestors.forms import Id

PROVENANCE = "organism-runtime"
MOST_ROUNDS = 255
_NUMBER = re.compile(r"\+?([0-9]+)")

Terminal = Callable[[Context], bool]


def never(_: Context) -> bool:
    """The terminal condition of a huddle that has none."""
    return False


class RoundConventions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Keys and prefixes of the facts that make up a round. A note belongs to round N if its id ends with `:N`."""

    round_signal_key: Annotated[ContextKey, Meta(description="Key of the facts that start a round.")] = ContextKey.SIGNALS
    round_signal_prefix: Annotated[Id, Meta(description="Their id before the round's number.")] = "round:start:"
    continue_key: Annotated[ContextKey, Meta(description="Key of the facts that ask for the next round.")] = ContextKey.CONSTRAINTS
    continue_prefix: Annotated[Id, Meta(description="Their id before the number of the round that is over.")] = "round:continue:"
    note_key: Annotated[ContextKey, Meta(description="Key of the notes.")] = ContextKey.HYPOTHESES
    synthesis_key: Annotated[ContextKey, Meta(description="Key of the syntheses.")] = ContextKey.STRATEGIES
    synthesis_prefix: Annotated[Id, Meta(description="Their id before the round's number.")] = "synthesis:"

    def has_started(self, context: Context, number: int) -> bool:
        """Tell whether the round was started."""
        return context.fact(self.round_signal_key, f"{self.round_signal_prefix}{number}") is not None

    def goes_on_after(self, context: Context, number: int) -> bool:
        """Tell whether somebody asked for the round after this one."""
        return context.fact(self.continue_key, f"{self.continue_prefix}{number}") is not None


def round_number(text: str) -> int | None:
    """Read the number of a round: an optional `+`, then digits, at most 255; None if it is none."""
    found = _NUMBER.fullmatch(text)
    digits = found[1].lstrip("0") if found else "-"
    if not found or len(digits) > 3:
        return None
    number = int(digits or "0")
    return number if number <= MOST_ROUNDS else None
