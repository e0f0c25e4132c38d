"""Criteria as an author writes them: conditions on the final context."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context
from runs.engine.criteria import INDETERMINATE, CriterionResult
from runs.suggestors.conditions import Conditions, facts_named, holds, keys_of
from runs.suggestors.forms import Id, NotBlank
from runs.suggestors.lacking import failing

#: Facts that are named as evidence, at most.
EVIDENCE = 20


class BlockForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When people must step in."""

    when: Annotated[Conditions, Meta(min_length=1, description="All of these hold.")]
    reason: Annotated[NotBlank, Meta(description="What stands in the way.")]
    approval_ref: Annotated[NotBlank | None, Meta(description="Whose approval, or which, is needed.")] = None


class CriterionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a run should come to: blocked, else met, else unmet; without `met` only people can tell."""

    id: Annotated[Id, Meta(description="Its name, unique in the document.")]
    description: Annotated[str, Meta(description="In words.")] = ""
    required: Annotated[bool, Meta(description="Whether the run falls short without it.")] = True
    met: Annotated[Conditions, Meta(description="It is met when all of these hold of the final context; none = indeterminate.")] = []
    blocked: Annotated[BlockForm | None, Meta(description="When people must step in; looked at first.")] = None

    def evaluate(self, context: Context) -> CriterionResult:
        """Look at the final context."""
        if self.blocked is not None and holds(self.blocked.when, context):
            return CriterionResult("Blocked", reason=self.blocked.reason, approval_ref=self.blocked.approval_ref)
        if not self.met:
            return INDETERMINATE
        lacks = [lack.says for lack in failing(self.met, context)]
        if lacks:
            return CriterionResult("Unmet", reason="; ".join(lacks))
        return CriterionResult("Met", tuple(dict.fromkeys(self._evidence(context)))[:EVIDENCE])

    def _evidence(self, context: Context) -> Iterator[str]:
        """The facts that are named; where none is, those under the keys that are."""
        named = [id for _, id in facts_named(self.met, context)]
        yield from named or (fact.id for key in keys_of(self.met) for fact in context.get(key))
