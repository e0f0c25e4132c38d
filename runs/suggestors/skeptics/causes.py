"""The skeptic that follows a plan to its second-order effects."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import msgspec

from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, READS
from runs.suggestors.plan_reading import PlanReading, text_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.skeptics.skeptic import Skeptic, advisory, blocker, warning
from runs.suggestors.skeptics.vocabulary import Finding, SkepticismKind

LIKELY = ("likely", "very_likely", "Likely", "VeryLikely")
Claim = tuple[str, str]


class CausalSkeptic(Skeptic):
    """Blocks plans with an action that touches a constraint which they declare; warns where an action leads there by the plan's
    own causal claims, of likely risks without mitigation, and of claims that run in a circle.
    """

    agent = "causal-skeptic"
    kind = SkepticismKind.CAUSAL_SKEPTICISM
    prefixes = ("causal-skeptic-eval-", "causal-skeptic-block-")
    cleared_prefix, blocked_prefix = prefixes

    def findings(self, plan: PlanReading) -> list[Finding]:
        """Direct effects, second-order effects, risks, circles."""
        actions, constraints, claims = plan.texts("actions"), plan.texts("constraints"), list(claims_of(plan))
        return [*_direct(actions, constraints), *_indirect(actions, constraints, claims), *_risks(plan), *_claims(claims)]


def claims_of(plan: PlanReading) -> Iterator[Claim]:
    """Cause and effect of each claim that has both."""
    for entry in plan.entries("causal_claims"):
        cause, effect = text_in(entry.get("cause")), text_in(entry.get("effect"))
        if cause is not None and effect is not None:
            yield cause, effect


def _touches(what: str, constraint: str) -> bool:
    plain = constraint.strip().lower()
    return bool(plain) and plain in what.lower()


def _direct(actions: list[str], constraints: list[str]) -> Iterator[Finding]:
    for action in actions:
        for constraint in constraints:
            if _touches(action, constraint):
                yield blocker(f"the action '{action}' touches the declared constraint '{constraint}'")


def _indirect(actions: list[str], constraints: list[str], claims: list[Claim]) -> Iterator[Finding]:
    if not constraints or not claims:
        return
    for action in actions:
        for effect in _effects_of(action, claims):
            for constraint in constraints:
                if _touches(effect, constraint):
                    yield warning(f"second-order effect: '{action}' leads to '{effect}', which touches the constraint '{constraint}'")


def _effects_of(action: str, claims: list[Claim]) -> list[str]:
    """Everything that the action brings about, directly or not, nearest first."""
    effects: dict[str, list[str]] = {}
    for cause, effect in claims:
        effects.setdefault(cause.strip().lower(), []).append(effect)
    seen, found, left = {action.strip().lower()}, [], [action]
    for cause in left:
        for effect in effects.get(cause.strip().lower(), []):
            if effect.strip().lower() not in seen:
                seen.add(effect.strip().lower())
                found.append(effect)
                left.append(effect)
    return found


def _risks(plan: PlanReading) -> Iterator[Finding]:
    for entry in plan.entries("risks"):
        likelihood = text_in(entry.get("likelihood"))
        if likelihood in LIKELY and not (text_in(entry.get("mitigation")) or "").strip():
            about = text_in(entry.get("description")) or "unnamed"
            yield warning(f"no mitigation for the {likelihood} risk '{about}'")


def _claims(claims: list[Claim]) -> Iterator[Finding]:
    if not claims:
        yield advisory("no causal claims: second-order effects cannot be followed")
        return
    graph: TopologicalSorter[str] = TopologicalSorter()
    for cause, effect in claims:
        graph.add(effect, cause)
    try:
        graph.prepare()
    except CycleError as error:
        yield warning(f"circular causal claims: {' → '.join(error.args[1])}")


class CausalSkepticParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `causal-skeptic`: none."""


register(
    Kind(
        kind=CausalSkeptic.agent,
        summary="Follows a plan to its second-order effects: constraints that are touched, risks, circular claims.",
        params=CausalSkepticParams,
        build=lambda _, name: CausalSkeptic(name),
        reads=always(*READS),
        writes=always(EVALUATIONS, CONSTRAINTS),
        alone=True,
    )
)
