"""What a run may spend, and what it has spent."""

import msgspec


class Budget(msgspec.Struct, frozen=True):
    """Limits of a run; None = no limit, 0 = nothing may be spent.

    `max_facts` is inclusive and checked after a merge, so it can be overshot once.
    """

    max_cycles: int = 100
    max_facts: int = 10_000
    max_tokens: int | None = None
    max_seconds: float | None = None
    max_cost_microdollars: int | None = None

    @property
    def is_metered(self) -> bool:
        """Whether tokens, time or cost are limited."""
        return (self.max_tokens, self.max_seconds, self.max_cost_microdollars) != (None, None, None)


class Spent(msgspec.Struct):
    """What a run has used so far; time is engine time per cycle plus effect latency, both as recorded."""

    tokens: int = 0
    cost_microdollars: int = 0
    microseconds: int = 0

    def charge(self, tokens: int, cost_microdollars: int, milliseconds: int) -> None:
        """Add what an effect cost."""
        self.tokens += tokens
        self.cost_microdollars += cost_microdollars
        self.microseconds += milliseconds * 1000
