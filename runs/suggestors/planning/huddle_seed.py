"""The suggestor that puts an intent and ready plans on the table."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from runs.engine import Context, ContextKey, Payload, Proposal, Suggestor
from runs.suggestors.forms import Id, NotBlank
from runs.suggestors.plan import FAMILY, Plan
from runs.suggestors.registry import Kind, always, register

NAME = "organism-huddle-seed"
PROVENANCE = "organism-planning"
INTENT = "intent"
# Short names for ids, by what kind of reasoning a plan comes from.
SYSTEMS = {
    "domain_model": "domain",
    "causal_analysis": "causal",
    "constraint_solver": "constraint",
    "cost_estimation": "cost",
    "llm_reasoning": "llm",
    "ml_prediction": "ml",
    "fuzzy_reasoning": "fuzzy",
}


class SeededPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A plan, and the id of its strategy."""

    plan: Annotated[Plan, Meta(description="The plan.")]
    id: Annotated[Id | UnsetType, Meta(description="Id of the strategy; without one, made from its reasoning and its place.")] = UNSET


class HuddleSeed(Suggestor):
    """Proposes the seed `intent`, and each plan as a strategy of the form that reviewers read. What is there already it leaves."""

    def __init__(self, outcome: str, plans: Sequence[SeededPlan] = (), *, name: str = NAME) -> None:
        self.name = name
        strategies = (Proposal(ContextKey.STRATEGIES, id, _payload(plan), PROVENANCE) for id, plan in named(plans))
        self._proposals = [Proposal.text_of(ContextKey.SEEDS, INTENT, outcome, PROVENANCE), *strategies]

    def accepts(self, context: Context) -> bool:
        """Tell whether something is missing."""
        return any(context.fact(one.key, one.id) is None for one in self._proposals)

    def suggest(self, context: Context) -> list[Proposal]:
        """What is missing."""
        return [one for one in self._proposals if context.fact(one.key, one.id) is None]


def named(plans: Sequence[SeededPlan]) -> Iterator[tuple[str, Plan]]:
    """Each plan with its id: its own, or `huddle-{reasoning}-{place}`."""
    for place, seeded in enumerate(plans):
        made = f"huddle-{SYSTEMS[seeded.plan.contributor]}-{place}"
        yield (seeded.id if isinstance(seeded.id, str) else made), seeded.plan


def _payload(plan: Plan) -> Payload:
    described = plan if plan.description else replace(plan, description=in_words(plan))
    return Payload.of(FAMILY, described.to_json())


def in_words(plan: Plan) -> str:
    """Reasoning, steps and rationale in one line."""
    steps = " | ".join(step.action for step in plan.steps)
    return f"[{plan.contributor.replace('_', '-')}] {steps} -- {plan.rationale}"


class HuddleSeedParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `huddle-seed`."""

    outcome: Annotated[NotBlank, Meta(description="What is wanted: the text of the seed `intent`.")]
    plans: Annotated[list[SeededPlan], Meta(description="The plans, in order.")] = []

    def __post_init__(self) -> None:
        ids = [id for id, _ in named(self.plans)]
        doubled = next((id for id in ids if ids.count(id) > 1), None)
        if doubled is not None:
            raise ValueError(f"the id '{doubled}' of a plan stands twice")


register(
    Kind(
        kind="huddle-seed",
        summary="Puts an intent and ready plans on the table.",
        params=HuddleSeedParams,
        build=lambda params, name: HuddleSeed(params.outcome, params.plans, name=name),
        reads=always(ContextKey.SEEDS, ContextKey.STRATEGIES),
        writes=always(ContextKey.SEEDS, ContextKey.STRATEGIES),
    )
)
