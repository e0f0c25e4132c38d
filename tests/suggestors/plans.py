"""Plans for tests, and judging them."""

import json
from typing import Any

from hypothesis import strategies as st

from runs.engine import ContextKey, ConvergeResult, Payload, Proposal, Suggestor
from runs.suggestors.plan import FAMILY, CausalClaim, PlanAnnotation, PlanCost, PlanDependency, PlanImpact, PlanRisk
from runs.suggestors.summing import content_of
from tests.suggestors.teams import run

STRATEGIES, EVALUATIONS, CONSTRAINTS = ContextKey.STRATEGIES, ContextKey.EVALUATIONS, ContextKey.CONSTRAINTS


def plan(id: str = "s1", *, typed: bool = False, **annotation: Any) -> Proposal:
    """A plan with that annotation: JSON in a text, or typed."""
    content = {"annotation": annotation}
    payload = Payload.of(FAMILY, content) if typed else Payload.text_of(json.dumps(content))
    return Proposal(STRATEGIES, id, payload, "p")


def plain(text: str, id: str = "s1") -> Proposal:
    """A plan in words."""
    return Proposal.text_of(STRATEGIES, id, text, "p")


def said(result: ConvergeResult) -> dict[str, dict[str, Any]]:
    """What was said, by key and id."""
    facts = [*result.context.get(EVALUATIONS), *result.context.get(CONSTRAINTS)]
    return {f"{fact.key}/{fact.id}": content_of(fact) for fact in facts}


def verdict(judge: Suggestor, *plans: Proposal) -> tuple[str, dict[str, Any]]:
    """Where one judge put its judgement on the plan s1, and what it says."""
    result = run([judge], *plans)
    assert result.converged
    return next((place, content) for place, content in said(result).items() if place.endswith("-s1"))


def findings(judge: Suggestor, **annotation: Any) -> list[str]:
    """What one judge finds in a plan with that annotation; a typed plan reads alike."""
    found: list[str] = verdict(judge, plan(**annotation))[1]["findings"]
    assert verdict(judge, plan(typed=True, **annotation))[1]["findings"] == found
    return found


ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.sampled_from([0, 1, 2, 3, 5, 14, 15, 30, 90, 1000, 2000, 100000, 115000, 2**32]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["likely", "rare", "high", "critical", "medium", "a", "A", "b", "always", "guaranteed", ""]),
    st.text(max_size=5),
)
FIELDS = st.sampled_from(PlanAnnotation.__struct_fields__)
PARTS = st.sampled_from(
    [field for part in (PlanCost, PlanImpact, PlanRisk, CausalClaim, PlanDependency) for field in part.__struct_fields__]
)
VALUES = st.recursive(ATOMS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(PARTS, inner, max_size=5)), max_leaves=12)
ANNOTATIONS = st.dictionaries(FIELDS, VALUES, max_size=8)
DOCUMENTS = st.one_of(
    ANNOTATIONS.map(lambda annotation: json.dumps({"annotation": annotation})),
    VALUES.map(json.dumps),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(lambda text: f"x{text}"),
)
