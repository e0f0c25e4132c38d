"""The suggestor that notices a silent role."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Payload, Proposal, Suggestor
from runs.engine.wire import canonical
from runs.suggestors.forms import NotBlank
from runs.suggestors.huddle.conventions import PROVENANCE
from runs.suggestors.lacking import Lack, counted
from runs.suggestors.registry import Keys, Kind, always, register

NAME = "role-stall"
_WAKES = (
    ContextKey.SIGNALS,
    ContextKey.STRATEGIES,
    ContextKey.PROPOSALS,
    ContextKey.EVALUATIONS,
    ContextKey.CONSTRAINTS,
    ContextKey.HYPOTHESES,
    ContextKey.DIAGNOSTIC,
)
_COUNTS = (*_WAKES, ContextKey.VOTES, ContextKey.DISAGREEMENTS, ContextKey.CONSENSUS_OUTCOMES)


class RoleStall(Suggestor):
    """Says once, under Diagnostic, that nothing stands under `watched_key` while others made progress."""

    def __init__(self, watched_key: ContextKey, role: str, min_progress: int = 3, *, name: str = NAME) -> None:
        self.name = name
        self.dependencies = tuple(key for key in _WAKES if key != watched_key)
        self._counted = tuple(key for key in _COUNTS if key != watched_key)
        self._watched, self._role, self._min_progress = watched_key, role, min_progress
        self._id = f"stall:{role}"
        self.done_when = ((ContextKey.DIAGNOSTIC, self._id),)

    def accepts(self, context: Context) -> bool:
        """Tell whether the role is silent, unreported, and enough happened elsewhere."""
        said = context.fact(ContextKey.DIAGNOSTIC, self._id)
        return said is None and not context.has(self._watched) and self._progress(context) >= self._min_progress

    def _progress(self, context: Context) -> int:
        return sum(context.count(key) for key in self._counted)

    def lacks(self, context: Context) -> Iterator[Lack]:
        """Why there is nothing to report."""
        if context.has(self._watched):
            yield Lack(f"there are facts under {self._watched}: nobody is silent")
        progress = self._progress(context)
        if progress < self._min_progress:
            yield Lack(f"{counted(progress)} elsewhere, at least {self._min_progress} are needed")

    def suggest(self, context: Context) -> list[Proposal]:
        """The observation."""
        progress = self._progress(context)
        report = {
            "agent": NAME,
            "role": self._role,
            "watched_key": str(self._watched),
            "progress_elsewhere": progress,
            "recommendation": f"consider an alternate descriptor for role `{self._role}`; "
            f"nothing under {self._watched} after {progress} facts elsewhere",
            "severity": "stall",
        }
        return [Proposal(ContextKey.DIAGNOSTIC, self._id, Payload.text_of(canonical(report)), PROVENANCE)]


class RoleStallParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `role-stall`."""

    watched_key: Annotated[ContextKey, Meta(description="The key under which the role should contribute.")]
    role: Annotated[NotBlank, Meta(description="Name of the role, for the report.", max_length=200)]
    min_progress: Annotated[int, Meta(ge=0, description="Fewest facts elsewhere before its silence counts.")] = 3


def _reads(params: RoleStallParams) -> Keys:
    return tuple(dict.fromkeys((params.watched_key, *_COUNTS)))


register(
    Kind(
        kind="role-stall",
        summary="Notices that a role stays silent while others make progress.",
        params=RoleStallParams,
        build=lambda params, name: RoleStall(params.watched_key, params.role, params.min_progress, name=name),
        reads=_reads,
        writes=always(ContextKey.DIAGNOSTIC),
    )
)
