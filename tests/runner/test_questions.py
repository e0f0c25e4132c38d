"""Questions to people: the run lets go, and goes on by the recorded answer."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from runs.actions.edits import EditInvalid
from runs.actions.gates import UnableToDecide, can_decide, decide_gate
from runs.actions.runs import cancel_run
from runs.engine import Budget, ContextKey, EffectFailed, GatePolicy, InterruptRaise, LLMCall, Proposal, Suggestor
from runs.engine.verification import Recording, verify
from runs.journal import rebuild
from runs.models import Effect, Envelope, Gate, Run
from runs.runner import carry, claim, conduct
from runs.runner.expire import expire_gates
from tests.documents import document
from tests.house import a_member, a_run, a_version
from tests.runner.test_reach import Document as Parrots
from tests.runner.test_reach import Parrot, dies_at, with_parrot

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
SCHEMA = {"type": "object", "required": ["boats"], "properties": {"boats": {"type": "integer", "minimum": 1}}}
QUESTION = {"question": "How many boats?", "schema": SCHEMA}


class Curious(Suggestor):
    """Calls out, asks people, and calls out again."""

    dependencies = (ContextKey.SEEDS,)

    def __init__(self, name, value, calls=0):
        self.name, self.value, self.calls = name, value, calls

    def suggest(self, context):
        for nth in range(self.calls):
            yield LLMCall("parrot", {"say": str(nth)})
        try:
            said = yield InterruptRaise(self.value)
        except EffectFailed as error:
            said = str(error)
        return [Proposal.text_of(ContextKey.HYPOTHESES, self.name, json.dumps(said), self.name)]


class Document:
    """Some who ask."""

    budget, gates, criteria = Budget(), None, ()

    def __init__(self, *team, gates=None):
        self._team, self.gates = team, gates

    def team(self):
        return self._team

    def providers(self):
        return {}

    def seeds(self):
        return [Proposal.text_of(ContextKey.SEEDS, "s", "x", "p")]


def asked(document, providers=None) -> Run:
    """A run, as far as it goes without people."""
    a_run()
    return gone_on(document, providers)


def gone_on(document, providers=None) -> Run:
    """The run that wants somebody, as far as it goes now."""
    run = claim(timezone.now())
    assert run is not None
    conduct(run, document, providers=providers)
    assert rebuild(Run.objects.get(pk=run.pk)) == []
    return run


def gate(n=0) -> Gate:
    return Gate.objects.order_by("seq")[n]


def answer(value, n=0, **said):
    return decide_gate(by=a_member("operator"), gate=gate(n), verdict="answer", answer=value, **said)


def verified(run, document) -> str:
    recording = Recording(Envelope.objects.filter(run=run).order_by("seq").values_list("body", flat=True))
    return str(verify(document.team(), document.seeds(), recording, gates=document.gates))


def test_a_question_waits_without_a_lease_and_its_answer_is_the_result():
    document = Document(Curious("ada", QUESTION))
    run = asked(document)
    assert (run.status, run.lease, gate().kind, gate().request_value["summary"]) == ("waiting", None, "interrupt", "How many boats?")
    assert verified(run, document) == "verified"
    answer({"boats": 2})
    assert Run.objects.get().status == "queued"
    run = gone_on(document)
    assert (run.status, gate().status, gate().answer) == ("converged", "approved", '{"boats":2}')
    assert json.loads(run.facts.get(fact_id="ada").text) == {"answer": {"boats": 2}, "by": "operator@acme.example"}
    assert verified(run, document) == "verified"


def test_what_was_answered_before_the_question_is_not_asked_again():
    document, parrot = Document(Curious("ada", QUESTION, calls=2), Curious("bob", "Sure?")), Parrot()
    asked(document, {("LLMCall", "parrot"): parrot})
    answer("yes")
    asked_before = parrot.asked
    gone_on(document, {("LLMCall", "parrot"): parrot})
    answer({"boats": 1}, n=1)
    run = gone_on(document, {("LLMCall", "parrot"): parrot})
    assert (run.status, parrot.asked, asked_before) == ("converged", 2, 1)
    assert set(Effect.objects.values_list("phase", flat=True)) == {"resolved"}


def test_all_questions_of_a_batch_are_asked_at_once_and_the_last_answer_lets_the_run_go_on():
    document = Document(Curious("ada", "Which?"), Curious("bob", {"question": "When?", "ask": ["cfo@acme.example"]}))
    asked(document)
    assert [one.gate_id for one in Gate.objects.order_by("seq")] == ["ask-1-0-0", "ask-1-1-0"]
    answer("the red one")
    assert Run.objects.get().status == "waiting"
    assert not can_decide(gate(1), by=a_member("operator"))
    decide_gate(by=a_member("viewer", email="cfo@acme.example"), gate=gate(1), verdict="answer", answer="now")
    assert gone_on(document).status == "converged"


def test_the_digest_does_not_tell_when_or_in_which_order_people_answered():
    digests = set()
    for order in ((0, 1), (1, 0)):
        document = Document(Curious("ada", "Which?"), Curious("bob", "When?"))
        run = asked(document)
        gates = list(run.gates.order_by("seq"))
        for n in order:
            decide_gate(by=a_member(), gate=gates[n], verdict="answer", answer=n)
        digests.add(gone_on(document).digest)
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("said", "path"), [({"boats": 0}, "answer.boats"), ("two", "answer"), ({}, "answer"), ({"boats": "\0"}, "answer.boats")]
)
def test_an_answer_must_fit_the_schema(said, path):
    asked(Document(Curious("ada", QUESTION)))
    head = Run.objects.get().head
    with pytest.raises(EditInvalid) as caught:
        answer(said)
    assert caught.value.errors[0][0] == path
    assert (Run.objects.get().head, Run.objects.get().status, gate().status) == (head, "waiting", "pending")


@pytest.mark.parametrize("verdict", ["approve", "edit", "retry"])
def test_a_question_takes_answers_only(verdict):
    asked(Document(Curious("ada", QUESTION)))
    with pytest.raises(UnableToDecide, match="one of answer, reject"):
        decide_gate(by=a_member(), gate=gate(), verdict=verdict, **({"edit": {}} if verdict == "edit" else {}))


def test_a_refused_question_fails_in_the_suggestor():
    document = Document(Curious("ada", QUESTION))
    asked(document)
    decide_gate(by=a_member(), gate=gate(), verdict="reject", reason="not my business")
    run = gone_on(document)
    assert run.facts.get(fact_id="ada").text == '"admin@acme.example gave no answer: not my business"'
    assert (gate().status, gate().reason) == ("rejected", "not my business")
    assert verified(run, document) == "verified"


@pytest.mark.parametrize(
    ("value", "told"),
    [(QUESTION, "timeout gave no answer"), (QUESTION | {"default": {"boats": 1}}, '{"answer": {"boats": 1}, "by": "timeout"}')],
)
def test_a_question_that_nobody_answers_in_time_has_its_default_or_fails(value, told):
    document = Document(Curious("ada", value | {"timeout_seconds": 60}))
    asked(document)
    assert expire_gates(timezone.now() + timedelta(seconds=59)) == 0
    assert expire_gates(timezone.now() + timedelta(seconds=61)) == 1
    assert gate().status == "expired"
    assert told in gone_on(document).facts.get(fact_id="ada").text


@pytest.mark.parametrize(
    "bad", [{"schema": {"type": "boat"}}, {"schema": {"$ref": "http://acme.example/s"}}, {"ask": 3}, {"timeout_seconds": -1}]
)
def test_a_question_that_nobody_can_answer_is_an_error_at_once(bad):
    run = asked(Document(Curious("ada", QUESTION | bad)))
    assert (run.status, Gate.objects.count()) == ("converged", 0)
    assert "the question" in run.facts.get(fact_id="ada").text


@pytest.mark.parametrize("value", ["Sure?", None, 7, ["a"], {"boats": 1}])
def test_any_value_is_a_question(value):
    asked(Document(Curious("ada", value)))
    assert gate().request_value["summary"] == (value if isinstance(value, str) else json.dumps(value, separators=(",", ":")))


def test_a_waiting_question_is_cancelled_with_its_run():
    document = Document(Curious("ada", QUESTION))
    assert verified(cancel_run(by=a_member(), run=asked(document)), document) == "verified"
    with pytest.raises(UnableToDecide, match="cancelled already"):
        answer({"boats": 1})
    assert rebuild(Run.objects.get()) == []


def test_questions_and_gates_of_one_cycle_come_one_after_the_other():
    document = Document(Curious("ada", "Which?"), gates=GatePolicy(keys=(ContextKey.HYPOTHESES,)))
    asked(document)
    answer("this")
    assert gone_on(document).status == "waiting"
    decide_gate(by=a_member(), gate=gate(1), verdict="approve")
    run = gone_on(document)
    assert (run.status, gate(1).kind) == ("converged", "proposal")
    assert verified(run, document) == "verified"


def test_a_person_of_a_formation_votes_and_the_vote_is_counted():
    team = [{"kind": "human", "name": "ada", "with": {"ask": "cfo@acme.example", "wants": "vote", "topic": "s1"}}]
    team.append({"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 1}})
    a_run(version=a_version(document("Panel", team)))
    run = claim(timezone.now())
    assert run is not None
    carry(run)
    assert (gate().kind, gate().approver_names, gate().request_value["summary"]) == (
        "interrupt",
        ["cfo@acme.example"],
        "How do you vote? Choose",
    )
    cfo = a_member("viewer", email="cfo@acme.example")
    decide_gate(by=cfo, gate=gate(), verdict="answer", answer={"decision": "yes", "reason": "dry"})
    run = claim(timezone.now())
    assert run is not None
    carry(run)
    vote = run.facts.get(key="Votes")
    assert (run.status, vote.fact_id, vote.provenance) == ("converged", "vote:s1:ada", "human:cfo@acme.example")
    assert run.outcomes.get().passes


def in_doubt(monkeypatch) -> tuple[Run, Parrot]:
    run, parrot = dies_at("requested", monkeypatch), Parrot(idempotent=False)
    conduct(run, Parrots(), providers=with_parrot(parrot))
    return run, parrot


def test_an_effect_in_doubt_is_repeated_answered_or_given_up(monkeypatch):
    run, parrot = in_doubt(monkeypatch)
    decide_gate(by=a_member("operator"), gate=gate(0), verdict="retry")
    assert Run.objects.get().status == "waiting"
    answer("BOB SAID THIS", n=1)
    run = gone_on(Parrots(), with_parrot(parrot))
    assert (run.status, parrot.asked) == ("converged", 3)
    assert {fact.text for fact in run.facts.filter(key="Hypotheses")} == {"ADA", "BOB SAID THIS"}
    assert verified(run, Parrots()) == "verified"


def test_an_effect_in_doubt_that_is_given_up_fails(monkeypatch):
    run, parrot = in_doubt(monkeypatch)
    for n in (0, 1):
        decide_gate(by=a_member("operator"), gate=gate(n), verdict="reject", reason="it was done by hand")
    run = gone_on(Parrots(), with_parrot(parrot))
    assert (run.status, parrot.asked) == ("converged", 0)
    assert "done by hand" in run.facts.filter(key="Diagnostic").first().payload


def test_an_effect_that_dies_again_while_repeated_is_in_doubt_again(monkeypatch):
    from runs.runner import rounds
    from tests.runner.test_reach import Gone

    _, parrot = in_doubt(monkeypatch)
    decide_gate(by=a_member(), gate=gate(0), verdict="retry")
    answer("b", n=1)
    run = claim(timezone.now())
    assert run is not None
    with monkeypatch.context() as patch:
        patch.setattr(rounds.Round, "_news", lambda self: (_ for _ in ()).throw(Gone))
        with pytest.raises(Gone):
            conduct(run, Parrots(), providers=with_parrot(parrot))
    assert rebuild(Run.objects.get(pk=run.pk)) == []
    again = claim(run.lease_until + timedelta(seconds=60))
    assert again is not None
    conduct(again, Parrots(), providers=with_parrot(parrot))
    assert (again.status, gate(2).kind, gate(2).status) == ("waiting", "doubt", "pending")
