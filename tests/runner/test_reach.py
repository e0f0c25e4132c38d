"""Reaching out: asked once, answered once, whatever happens between."""

import json

import pytest
from django.utils import timezone

from runs.engine import Budget, ContextKey, EffectResult, LLMCall, Proposal, Suggestor, ToolCall
from runs.journal import rebuild
from runs.models import Effect, Run
from runs.runner import claim, conduct
from runs.suggestors.providers import Provider
from tests.house import a_run

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


class Asks(Suggestor):
    """Asks a model and proposes what it says."""

    dependencies = (ContextKey.SEEDS,)

    def __init__(self, name: str) -> None:
        self.name = name

    def suggest(self, context):
        said = yield LLMCall("parrot", {"say": self.name})
        more = yield ToolCall("shout", {"text": said})
        return [Proposal.text_of(ContextKey.HYPOTHESES, self.name, more, "parrot")]


class Document:
    """Two that ask."""

    budget, gates, criteria = Budget(), None, ()

    def team(self):
        return [Asks("ada"), Asks("bob")]

    def providers(self):
        return {}

    def seeds(self):
        return [Proposal.text_of(ContextKey.SEEDS, "s", "x", "p")]


class Parrot(Provider):
    """Says what it is told, and counts."""

    def __init__(self, *, idempotent: bool = True, fails: bool = False) -> None:
        self.idempotent, self.fails, self.asked = idempotent, fails, 0

    def answer(self, call):
        effect = call.effect
        self.asked += 1
        if self.fails:
            raise ConnectionError("no line")
        words = effect.input.get("say") or effect.input["text"].upper()
        return EffectResult(output=words, tokens=5, cost_microdollars=2)


def taken() -> Run:
    a_run()
    run = claim(timezone.now())
    assert run is not None
    return run


def with_parrot(parrot: Parrot) -> dict:
    return {("LLMCall", "parrot"): parrot, ("ToolCall", "shout"): parrot}


def test_effects_are_requested_then_resolved():
    run, parrot = taken(), Parrot()
    conduct(run, Document(), providers=with_parrot(parrot))
    assert (run.status, parrot.asked, run.tokens, run.cost_microdollars) == ("converged", 4, 20, 8)
    assert set(Effect.objects.values_list("phase", flat=True)) == {"resolved"}
    assert all(effect.requested_seq < effect.resolved_seq for effect in Effect.objects.all())
    assert json.loads(Effect.objects.get(kind="ToolCall", suggestor="ada").output) == "ADA"
    assert run.facts.get(fact_id="bob").text == "BOB"
    assert rebuild(Run.objects.get(pk=run.pk)) == []


def test_an_unknown_provider_denies():
    run = taken()
    conduct(run, Document())
    assert run.status == "converged"
    assert set(Effect.objects.values_list("phase", "error")) == {("denied", "no provider named 'parrot' is configured")}
    assert run.facts.filter(key="Diagnostic").count() == 2
    assert rebuild(Run.objects.get(pk=run.pk)) == []


def test_a_provider_that_raises_has_answered_with_an_error():
    run = taken()
    conduct(run, Document(), providers=with_parrot(Parrot(fails=True)))
    assert set(Effect.objects.values_list("phase", "error")) == {("resolved", "ConnectionError: no line")}


def test_who_answered_first_does_not_matter():
    digests = set()
    for _ in range(2):
        run = taken()
        conduct(run, Document(), providers=with_parrot(Parrot()))
        digests.add(run.digest)
    assert len(digests) == 1


class Gone(BaseException):
    """The process is no more."""


def dies_at(phase: str, monkeypatch) -> Run:
    """A run whose worker dies when effects of a phase were committed."""
    from runs.runner import writer

    run, real = taken(), writer.append

    def deadly(run, batches, **keywords):
        real(run, batches, **keywords)
        if any(row.data and row.data.get("phase") == phase for _, rows in batches for row in rows):
            raise Gone

    with monkeypatch.context() as patch:
        patch.setattr(writer, "append", deadly)
        with pytest.raises(Gone):
            conduct(run, Document(), providers=with_parrot(Parrot()))
    again = claim(run.lease_until + (run.lease_until - timezone.now()))
    assert again is not None
    return again


def test_the_journal_answers_the_second_attempt(monkeypatch):
    run, parrot = dies_at("resolved", monkeypatch), Parrot()
    conduct(run, Document(), providers=with_parrot(parrot))
    assert (run.status, parrot.asked) == ("converged", 2)
    assert rebuild(Run.objects.get(pk=run.pk)) == []


def test_the_second_attempt_has_the_digest_of_the_undisturbed_run(monkeypatch):
    run, whole = dies_at("resolved", monkeypatch), taken()
    for one in (run, whole):
        conduct(one, Document(), providers=with_parrot(Parrot()))
    assert run.digest == whole.digest


def test_what_may_be_repeated_is_asked_again(monkeypatch):
    run, parrot = dies_at("requested", monkeypatch), Parrot()
    conduct(run, Document(), providers=with_parrot(parrot))
    assert (run.status, parrot.asked) == ("converged", 4)
    assert rebuild(Run.objects.get(pk=run.pk)) == []


def test_what_may_not_be_repeated_is_in_doubt_and_people_are_asked(monkeypatch):
    run, parrot = dies_at("requested", monkeypatch), Parrot(idempotent=False)
    conduct(run, Document(), providers=with_parrot(parrot))
    assert (run.status, run.lease, parrot.asked) == ("waiting", None, 0)
    assert set(Effect.objects.values_list("phase", flat=True)) == {"in_doubt"}
    assert list(run.gates.order_by("seq").values_list("kind", "gate_id")) == [("doubt", "doubt-1-0-0-2"), ("doubt", "doubt-1-1-0-2")]
    assert rebuild(Run.objects.get(pk=run.pk)) == []
