"""Runs that learn: remembered once, by whoever ends them, and the next ones begin with what they taught."""

import json
import sys
from typing import Any

import pytest
from django.utils import timezone

from runs.actions.gates import decide_gate
from runs.actions.runs import cancel_run
from runs.actions.verifications import verify_run
from runs.models import Episode, Gate, Prior, Run
from runs.runner import carry, carry_out, claim_run, new_lease
from tests.conducted import SPENT, conducted, document, says, started
from tests.house import a_member

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
PRIORS = {"kind": "planning-prior", "with": {"recall": {}}}


def learning(*team: dict[str, Any], label: str = "Boats", **parts: Any) -> dict[str, Any]:
    """A formation that learns; its seeds speak of a decision."""
    return document(label, [PRIORS, says("ada", "Proposals", "p", text="Two boats"), *team], **{"learning": True} | parts)


def seeds(run: Run) -> dict[str, str]:
    return {fact.fact_id: fact.provenance for fact in run.facts.filter(key="Seeds").order_by("seq")}


def verified(run: Run) -> str:
    return str(carry_out(verify_run(by=a_member(), run=run, lease=new_lease())))


def test_a_run_is_remembered():
    run = conducted(a_member(), learning())
    episode = Episode.objects.get()
    assert (episode.run, episode.problem_class, episode.value["actual_outcome"]) == (run, "decision", "Two boats")
    assert episode.value["run_status"] == "Run passed via converge-engine (Converged)"
    assert episode.listed("signals")[0]["kind"] == "outcome_matched_expectation"
    assert [prior["assumption_type"] for prior in episode.listed("calibrations")] == list(
        Prior.objects.order_by("id").values_list("assumption_type", flat=True)
    )


def test_a_run_that_does_not_learn_is_not():
    conducted(a_member(), learning(learning=False))
    assert not Episode.objects.exists()
    assert not Prior.objects.exists()


def test_the_next_run_begins_with_what_was_learnt():
    conducted(a_member(), learning())
    run = conducted(a_member(), learning())
    assert seeds(run) == {
        "lunch": "test",
        "brief": "test",
        "prior:category_coverage": "organism-learning",
        "prior:contradiction_rate": "organism-learning",
        "prior:signal_to_hypothesis_ratio": "organism-learning",
    }
    stated = json.loads(run.facts.get(fact_id="prior-category_coverage").text)
    assert (stated["raw_posterior"], stated["evidence_count"], stated["direction"]) == (0.25, 1, "down")
    assert set(Prior.objects.values_list("evidence_count", flat=True)) == {2}


def test_seeds_are_fixed_when_a_run_is_started_and_verification_reads_those():
    conducted(a_member(), learning())
    waiting = started(a_member(), learning())
    conducted(a_member(), learning())
    carry(claim_run(waiting, timezone.now()))
    prior = json.loads(waiting.facts.get(fact_id="prior:category_coverage").text)
    assert prior["calibration"]["evidence_count"] == 1
    assert verified(waiting) == "verified"


def test_a_problem_class_may_be_named_and_learns_for_itself():
    conducted(a_member(), learning())
    run = conducted(a_member(), learning(label="Fleet", learning={"problem_class": "strategy", "categories": []}))
    assert len(seeds(run)) == 2
    assert Prior.objects.get(problem_class="strategy", assumption_type="category_coverage").posterior_confidence == 0.75


def test_another_tenant_learns_nothing_from_it():
    conducted(a_member(), learning())
    run = conducted(a_member(of="other"), learning())
    assert len(seeds(run)) == 2
    assert set(Prior.objects.values_list("tenant__slug", "evidence_count")) == {("acme", 1), ("other", 1)}


def test_priors_are_not_taken_for_what_the_problem_is_about():
    conducted(a_member(), learning({"kind": "problem-classifier"}))
    run = conducted(a_member(), learning({"kind": "problem-classifier"}))
    assert run.facts.filter(fact_id="problem-class:decision").exists()


def test_a_seed_of_the_same_id_goes_before_what_was_learnt():
    conducted(a_member(), learning())
    own = {"key": "Seeds", "id": "prior:category_coverage", "text": "Decide", "provenance": "ada"}
    run = conducted(a_member(), learning(label="Own", seeds=[own]))
    assert (run.status, seeds(run)["prior:category_coverage"]) == ("converged", "ada")


def test_a_spent_budget_is_a_lesson_and_a_bad_memory():
    spent = SPENT | {"learning": True}
    conducted(a_member(), spent)
    assert [lesson["confidence"] for lesson in Episode.objects.get().value["lessons"]] == [0.9, 0.75, 0.85]
    memories = [json.loads(fact.text) for fact in conducted(a_member(), spent).facts.filter(fact_id__startswith="memory:")]
    assert [memory["candidate"]["summary"] for memory in memories] == ["outcome failed: CycleBudgetExhausted"]


def confidence_after(verdict: str) -> float:
    """What the next run makes of a prior, after a plan was approved or rejected."""
    gated = learning(says("planner", "Strategies", "plan", text="Buy"), gates={"keys": ["Strategies"], "self_approval": True})
    run = conducted(a_member(), gated)
    decide_gate(by=a_member(), gate=Gate.objects.get(), verdict=verdict, reason="so be it")
    carry(claim_run(run, timezone.now()))
    return float(json.loads(conducted(a_member(), learning(label="After")).facts.get(fact_id="prior-category_coverage").text)["confidence"])


@pytest.mark.parametrize(("verdict", "moves"), [("approve", 1), ("reject", -1)])
def test_what_people_approved_pulls_up_and_what_they_rejected_pulls_down(verdict, moves):
    assert (confidence_after(verdict) - 0.25) * moves > 0


def test_a_cancelled_run_teaches_nothing():
    cancel_run(by=a_member(), run=started(a_member(), learning()))
    assert not Episode.objects.exists()


def test_a_failure_of_the_machinery_moves_no_prior():
    conducted(a_member(), learning(says("probe", "Constraints", "c", text='{"is_infra_failure":true}')))
    assert Episode.objects.get().calibrations == "[]"
    assert not Prior.objects.exists()


def test_a_crash_at_the_end_neither_loses_nor_doubles_it(monkeypatch):
    """The journal's last rows, the episode and the priors are one transaction."""
    run = started(a_member(), learning(), lease=new_lease())
    journal, ends = sys.modules["runs.journal.append"], []
    ring = journal.ring_on_commit

    def dies_at_the_end(run_id: int) -> None:
        if Episode.objects.exists() and not ends:
            ends.append(run_id)
            raise ConnectionAbortedError
        ring(run_id)

    monkeypatch.setattr(journal, "ring_on_commit", dies_at_the_end)
    with pytest.raises(ConnectionAbortedError):
        carry(run)
    assert (ends, Episode.objects.count(), Prior.objects.count()) == ([run.pk], 0, 0)
    Run.objects.update(lease_until=None)
    carry(claim_run(run, timezone.now()))
    assert (Episode.objects.get().run, set(Prior.objects.values_list("evidence_count", flat=True))) == (run, {1})


def test_learning_grants_no_authority():
    """With priors as good as can be, the same gate is asked, the same plan blocked, and nothing else comes about."""
    plan = json.dumps({"annotation": {"authority_level": 0}})
    team = [says("planner", "Strategies", "plan", text=plan), {"kind": "policy-simulation"}]
    gated = learning(*team, gates={"keys": ["Constraints"], "self_approval": True})
    first = conducted(a_member(), gated)
    Prior.objects.all().delete()
    Prior.objects.create(
        tenant=first.tenant, problem_class="decision", assumption_type="authority_level", prior_confidence=0.5, posterior_confidence=1.0,
        evidence_count=99,
    )  # fmt: skip
    second = conducted(a_member(), gated)
    assert second.facts.filter(fact_id="prior-authority_level").exists()
    assert [run.gates.get().proposal_id for run in (first, second)] == ["policy-fail-plan"] * 2
    facts = [set(run.facts.exclude(key__in=["Seeds", "Hypotheses"]).values_list("key", "fact_id")) for run in (first, second)]
    assert facts[0] == facts[1]
    learnt = second.facts.filter(provenance="organism-learning")
    assert set(learnt.values_list("key", "approver")) == {("Seeds", None), ("Hypotheses", None)}
