"""The declarative suggestor: conditions, and what it proposes when all of them hold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from runs.engine import Context, ContextKey, Proposal, Suggestor
from runs.suggestors.conditions import Condition, Conditions, compiled, facts_named, facts_that_end, facts_waited_for, keys_of
from runs.suggestors.expansion import is_constant, keys_counted, proposal_in
from runs.suggestors.forms import EitherForm
from runs.suggestors.lacking import Lack, failing
from runs.suggestors.registry import Keys, Kind, register


class Rule(Suggestor):
    """Proposes `proposes` while all conditions of `accepts` hold; `{count:KEY}` is replaced in ids and texts.

    It tells the engine which facts it waits for and which end its work, as far as their ids are constant. What it
    proposes rests on the facts that its conditions name.
    """

    def __init__(self, name: str, dependencies: Iterable[ContextKey], accepts: Sequence[Condition], proposes: Sequence[Proposal]) -> None:
        self.name = name
        self.dependencies = tuple(dependencies)
        self.waits_for = facts_waited_for(accepts)
        self.done_when = facts_that_end(accepts)
        self._holds = compiled(accepts)
        self._accepts = tuple(accepts)
        self._makers = [(one, proposal_in(one)) for one in proposes]
        named = [condition.said() for condition in accepts]
        names_constant = all(is_constant(fact[1]) for name, fact in named if name == "has_fact")
        self._constant = names_constant and all(maker is None for _, maker in self._makers)
        self._proposes = tuple(replace(one, used=tuple(dict.fromkeys(self.waits_for))) for one in proposes)

    def accepts(self, context: Context) -> bool:
        """Tell whether all conditions hold."""
        return self._holds(context)

    def lacks(self, context: Context) -> Iterator[Lack]:
        """The conditions that do not hold."""
        return failing(self._accepts, context)

    def suggest(self, context: Context) -> Sequence[Proposal]:
        """Everything it proposes, in order."""
        if self._constant:
            return self._proposes
        used = facts_named(self._accepts, context)
        return [replace(maker(context) if maker else proposal, used=used) for proposal, maker in self._makers]


class RuleParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `rule`."""

    proposes: Annotated[list[EitherForm], Meta(description="What it proposes, in order.")]
    dependencies: Annotated[list[ContextKey], Meta(description="Keys whose change wakes it; none = it is considered in every cycle.")] = []
    accepts: Annotated[Conditions, Meta(description="All must hold; none = it always speaks.")] = []


def _build(params: RuleParams, name: str) -> Rule:
    return Rule(name, params.dependencies, params.accepts, [form.proposal() for form in params.proposes])


def _reads(params: RuleParams) -> Keys:
    counted = [key for form in params.proposes for key in keys_counted(form.id + str(form.text))]
    return tuple(dict.fromkeys([*params.dependencies, *keys_of(params.accepts), *counted]))


def _writes(params: RuleParams) -> Keys:
    return tuple(dict.fromkeys(form.key for form in params.proposes))


register(
    Kind(
        kind="rule",
        summary="Proposes fixed facts when all its conditions hold: agents without code.",
        params=RuleParams,
        build=_build,
        reads=_reads,
        writes=_writes,
    )
)
