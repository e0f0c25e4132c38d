"""State machines as data: which state may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Lifecycle:
    """The transitions of one kind of thing; a state that nothing follows is final."""

    thing: str
    transitions: Mapping[str, tuple[str, ...]]

    @property
    def final(self) -> frozenset[str]:
        """The states that nothing follows."""
        return frozenset(state for state, following in self.transitions.items() if not following)

    @property
    def open(self) -> frozenset[str]:
        """The states that something may still follow."""
        return frozenset(self.transitions) - self.final

    @property
    def table(self) -> str:
        """The transitions as the README draws them."""
        rows = [f"| {state} | {', '.join(following) or 'nothing'} |" for state, following in self.transitions.items()]
        return "\n".join([f"| a {self.thing} that is | may become |", "|---|---|", *rows])

    def can(self, before: str, after: str) -> bool:
        """Whether `after` may follow `before`."""
        return after in self.transitions.get(before, ())

    def check(self, before: str, after: str) -> None:
        """Raise `TransitionRefused` unless `after` may follow `before`."""
        if not self.can(before, after):
            raise TransitionRefused(f"a {self.thing} that is {before} cannot become {after}")


RUN = Lifecycle(
    "run",
    {
        "queued": ("running", "cancelled"),
        "running": ("queued", "waiting", "converged", "exhausted", "failed", "cancelled"),
        "waiting": ("queued", "cancelled"),
        "converged": (),
        "exhausted": (),
        "failed": (),
        "cancelled": (),
    },
)

GATE = Lifecycle(
    "gate",
    {
        "pending": ("approved", "edited", "rejected", "expired", "cancelled"),
        "approved": (),
        "edited": (),
        "rejected": (),
        "expired": (),
        "cancelled": (),
    },
)

EFFECT = Lifecycle(
    "effect",
    {
        "requested": ("requested", "resolved", "denied", "in_doubt"),
        "in_doubt": ("requested", "resolved", "denied"),
        "resolved": (),
        "denied": (),
    },
)

VERIFICATION = Lifecycle(
    "verification",
    {
        "asked": ("verified", "diverged", "failed"),
        "verified": (),
        "diverged": (),
        "failed": (),
    },
)


class TransitionRefused(ValueError):
    """The state machine has no such step."""
