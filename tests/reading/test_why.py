"""Where facts come from, and why they are there."""

import pytest
from django.utils import timezone

from runs.actions.gates import decide_gate
from runs.engine import Budget, ContextKey, Proposal, Suggestor
from runs.models import Gate, Run
from runs.reading.provenance import NoFactName, named, provenance_of
from runs.reading.told import slashed, why_of
from runs.reading.why import why
from runs.runner import carry, claim, claim_run, conduct
from tests.conducted import GATED, HUDDLE, conducted
from tests.house import a_member, a_run
from tests.runner.test_reach import Document as Asking
from tests.runner.test_reach import Parrot, with_parrot

pytestmark = pytest.mark.django_db


def fact(run: Run, name: str):
    key, id = named(name)
    return run.facts.get(key=key, fact_id=id)


def names(explanation) -> list[str]:
    return [slashed(step.name) for step in explanation.steps]


class Says(Suggestor):
    """Says one thing once, after others; `used` is what it declares."""

    def __init__(self, name: str, key: str, after=(), used=(), reads=()) -> None:
        self.name, self._key, self._used = name, ContextKey(key), tuple(named(each) for each in used)
        self.waits_for = [(ContextKey(key), id) for key, id in map(named, after)]
        self.dependencies = tuple(ContextKey(key) for key in reads)
        self.done_when = [(self._key, name)]

    def suggest(self, context):
        used = tuple((ContextKey(key), id) for key, id in self._used)
        return [Proposal(self._key, self.name, Proposal.text_of(self._key, "x", self.name, "p").payload, "p", used=used)]


class Team:
    """A document made of suggestors."""

    budget, gates, criteria = Budget(), None, ()

    def __init__(self, *members: Suggestor) -> None:
        self.members = members

    def team(self):
        return self.members

    def seeds(self):
        return [Proposal.text_of(ContextKey.SEEDS, id, id, "p") for id in ("s1", "s2")]


def run_of(*members: Suggestor) -> Run:
    a_run()
    run = claim(timezone.now())
    conduct(run, Team(*members))
    assert run.status == "converged"
    return run


def test_a_verdict_is_traced_to_its_votes_and_the_seeds():
    run = conducted(a_member(), HUDDLE)
    told = why_of(run, "ConsensusOutcomes/outcome:lunch")
    assert told["provenance"]["how"] == "declared"
    assert told["provenance"]["used"] == [f"Votes/vote:lunch:{voter}" for voter in ("ada", "bob", "cleo")]
    assert told["steps"][0]["rests_on"] == told["provenance"]["used"][::-1]
    assert told["seeds"] == ["Seeds/brief"]
    assert (told["facts"], told["left_out"], told["is_cut"]) == (5, 0, False)


def test_declared_facts_are_followed_and_no_others():
    run = run_of(
        Says("a", "Hypotheses", used=["Seeds/s1"]),
        Says("b", "Hypotheses", after=["Hypotheses/a"], used=["Seeds/s2"]),
        Says("c", "Strategies", after=["Hypotheses/b"], used=["Hypotheses/a"]),
    )
    explanation = why(run, fact(run, "Strategies/c"))
    assert names(explanation) == ["Strategies/c", "Hypotheses/a", "Seeds/s1"]
    assert explanation.seeds == [("Seeds", "s1")]


def test_declared_facts_that_did_not_exist_are_told():
    run = run_of(Says("a", "Hypotheses", used=["Seeds/none", "Seeds/s1", "Strategies/b"]), Says("b", "Strategies"))
    (step, *_) = why(run, fact(run, "Hypotheses/a")).steps
    assert (step.rests_on, sorted(step.unknown)) == ([("Seeds", "s1")], [("Seeds", "none"), ("Strategies", "b")])
    assert sorted(provenance_of(run, fact(run, "Hypotheses/a")).unknown) == sorted(step.unknown)


def test_without_a_declaration_the_newest_of_each_key_that_it_reads_is_taken():
    run = run_of(
        Says("h1", "Hypotheses"),
        Says("h2", "Hypotheses", after=["Hypotheses/h1"]),
        Says("sig", "Signals"),
        Says("c", "Strategies", after=["Hypotheses/h2"], reads=["Seeds", "Hypotheses"]),
    )
    (step, *_) = why(run, fact(run, "Strategies/c")).steps
    assert (step.how, step.rests_on) == ("visible", [("Hypotheses", "h2"), ("Seeds", "s2")])
    seen = provenance_of(run, fact(run, "Strategies/c"))
    assert (seen.how, seen.seen) == ("visible", [("Seeds", 2), ("Hypotheses", 2)])


def test_facts_of_the_same_cycle_explain_nothing():
    run = run_of(Says("a", "Hypotheses"), Says("b", "Hypotheses"))
    assert names(why(run, fact(run, "Hypotheses/b"))) == ["Hypotheses/b", "Seeds/s2"]


def test_a_seed_explains_itself():
    run = run_of()
    explanation = why(run, fact(run, "Seeds/s1"))
    assert (names(explanation), explanation.seeds, explanation.people) == (["Seeds/s1"], [("Seeds", "s1")], [])


def test_people_who_approved_are_named():
    run = conducted(a_member(), GATED)
    decide_gate(by=a_member("approver"), gate=Gate.objects.get(), verdict="approve", reason="cheap")
    carry(claim_run(run, timezone.now()))
    told = why_of(run, "Strategies/plan-a")
    assert told["people"] == ["approver@acme.example approved Strategies/plan-a"]
    assert told["provenance"]["gate"]["status"] == "approved"


def test_a_note_of_a_rejection_ends_at_who_rejected():
    run = conducted(a_member(), GATED)
    decide_gate(by=a_member("approver"), gate=Gate.objects.get(), verdict="reject", reason="too dear")
    carry(claim_run(run, timezone.now()))
    explanation = why(run, fact(run, "Diagnostic/hitl-rejected:plan-a"))
    assert names(explanation) == ["Diagnostic/hitl-rejected:plan-a"]
    assert explanation.people == ["approver@acme.example rejected Strategies/plan-a"]


def test_effects_behind_a_fact_are_told():
    a_run()
    run = claim(timezone.now())
    conduct(run, Asking(), providers=with_parrot(Parrot()))
    told = why_of(run, "Hypotheses/ada")
    assert [(effect["kind"], effect["target"]) for effect in told["steps"][0]["effects"]] == [("LLMCall", "parrot"), ("ToolCall", "shout")]
    assert told["provenance"]["effects"] == told["steps"][0]["effects"]


def test_a_long_explanation_is_complete_but_told_in_part():
    chain = [Says("f0", "Hypotheses", used=["Seeds/s1"])]
    chain += [Says(f"f{n}", "Hypotheses", after=[f"Hypotheses/f{n - 1}"], used=[f"Hypotheses/f{n - 1}"]) for n in range(1, 30)]
    run = run_of(*chain)
    explanation = why(run, fact(run, "Hypotheses/f29"), most=10)
    assert (len(explanation.steps), explanation.facts, explanation.left_out, explanation.seeds) == (10, 31, 21, [("Seeds", "s1")])


@pytest.mark.parametrize("name", ["", "Seeds", "Seeds/", "/s1", "Nothing/s1", "seeds/s1", "Seeds/\x00"])
def test_what_names_no_fact_is_refused(name):
    with pytest.raises(NoFactName, match="KEY/ID is wanted"):
        named(name)


def test_an_id_may_hold_slashes():
    assert named("Seeds/a/b") == ("Seeds", "a/b")
