"""The guru chooses, and says why."""

import msgspec
import pytest

from runs.suggestors.templates import NoMatch, guru, templates
from runs.suggestors.templates.guru import CAPABILITIES
from runs.suggestors.templates.shelf import TEMPLATE_OF

# Intent, class, template and composite with the host of five capabilities.
CHOICES = [
    ("Decide which vendor we take", "decision", "organism-decision", 13),
    ("Outage: the shop is down, urgent", "incident", "organism-decision", 13),
    ("Investigate why customers leave", "research", "organism-research", 13),
    ("A vision for long-term positioning", "strategy", "organism-research", 13),
    ("Score and rank the applicants", "evaluation", "organism-evaluation", 13),
    ("Schedule the rollout in autumn", "planning", "organism-planning", 13),
    ("Audit and verify the books", "diligence", "organism-diligence", 11),
]


@pytest.mark.parametrize(("intent", "problem_class", "template", "composite"), CHOICES)
def test_each_class_has_its_template(intent, problem_class, template, composite):
    found = guru(intent)
    assert (found.classification.problem_class, found.primary, found.trace.scores[0].composite) == (problem_class, template, composite)


def test_the_choice_is_the_template_that_is_meant_for_the_class():
    assert {TEMPLATE_OF[problem_class] == template for _, problem_class, template, _ in CHOICES} == {True}
    assert set(TEMPLATE_OF) == {problem_class for _, problem_class, _, _ in CHOICES}


def test_the_trace_tells_everything():
    assert msgspec.to_builtins(guru("Choose and select a vendor, choose well").trace) == {
        "problem_class": "decision",
        "matched_keywords": ("choose", "select", "choose"),
        "defaulted": False,
        "query_keywords": ("decision", "choose", "select"),
        "query_capabilities": CAPABILITIES,
        "considered": ("organism-decision",),
        "scores": (
            {"template_id": "organism-decision", "catalog_rank": 0, "capability_surplus": 2, "cost_hint": "medium", "composite": 13},
        ),
        "primary_id": "organism-decision",
        "primary_reason": "'choose' tells of decision; organism-decision has the highest composite, 13 "
        "(2 capabilities to spare, cost medium)",
    }


def test_without_a_word_it_says_that_it_defaulted():
    trace = guru("Lorem ipsum").trace
    assert (trace.primary_id, trace.defaulted) == ("organism-decision", True)
    assert "defaulted to decision" in trace.primary_reason
    assert "13" in trace.primary_reason


def test_what_the_host_cannot_do_is_left_out():
    with pytest.raises(NoMatch, match="diligence"):
        guru("Audit the books", ["llm_reasoning", "knowledge_retrieval", "policy_enforcement"])
    with pytest.raises(NoMatch, match="decision"):
        guru("Choose", [])


def test_surplus_counts_what_the_template_does_not_need():
    assert guru("Investigate this", ["llm_reasoning", "knowledge_retrieval"]).trace.scores[0].composite == 10


def test_widely_there_are_alternates():
    assert guru("Research this", catalogue=templates()).alternates == ("research-huddle",)
    assert [score.catalog_rank for score in guru("Research this", catalogue=templates()).trace.scores] == [0, 1]
