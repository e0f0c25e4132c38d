"""Ready-made suggestors and contexts for tests."""

from collections.abc import Iterable, Sequence
from typing import Any

from runs.engine import Context, ContextKey, ConvergeResult, Disagreement, Proposal, State, Suggestor, Vote, VoteDecision, converge
from runs.suggestors.conditions import condition_of
from runs.suggestors.formation import FormationResult, payload_of
from runs.suggestors.rule import Rule


def text_of(result: FormationResult, key: ContextKey) -> dict[str, str | None]:
    """The texts under a key, by id."""
    return {fact.id: fact.text for fact in result.context.get(key)}


def note(who: str, number: int) -> Rule:
    """Writes `note:{who}:{number}` once that round has started."""
    id = f"note:{who}:{number}"
    accepts = [{"has_fact": ["Signals", f"round:start:{number}"]}, {"lacks_fact": ["Hypotheses", id]}]
    return rule([ContextKey.SIGNALS], accepts, [Proposal.text_of(ContextKey.HYPOTHESES, id, f"{who} in {number}", "p")])


def rule(dependencies: Iterable[ContextKey], accepts: Iterable[Any], proposes: Sequence[Proposal], name: str = "rule") -> Rule:
    """A rule, its conditions as JSON."""
    return Rule(name, dependencies, [condition_of(one) for one in accepts], proposes)


def vote(topic: str, voter: str, decision: str = "yes", id: str | None = None) -> Proposal:
    """A vote."""
    payload = payload_of(Vote(topic, voter, VoteDecision(decision)))
    return Proposal(ContextKey.VOTES, id or f"vote:{topic}:{voter}", payload, "p")


def dissent(topic: str, who: str, reason: str = "no") -> Proposal:
    """A disagreement."""
    return Proposal(ContextKey.DISAGREEMENTS, f"dissent:{topic}:{who}", payload_of(Disagreement(topic, who, reason)), "p")


def text(key: ContextKey, id: str, content: str = "text") -> Proposal:
    """A text."""
    return Proposal.text_of(key, id, content, "p")


class Script(Suggestor):
    """Proposes the n-th list in the n-th cycle; its memory is the number of its own facts' cycles."""

    dependencies: Sequence[ContextKey] = ()

    def __init__(self, *turns: Sequence[Proposal]) -> None:
        self.name = "script"
        self._turns = turns

    def accepts(self, context: Context) -> bool:
        return self._next(context) is not None

    def _next(self, context: Context) -> Sequence[Proposal] | None:
        return next((turn for turn in self._turns if not all(context.fact(one.key, one.id) for one in turn)), None)

    def suggest(self, context: Context) -> Sequence[Proposal]:
        return self._next(context) or ()


def context_of(*proposals: Proposal) -> Context:
    """A context that holds these as facts."""
    return run([], *proposals).context


def run(team: Sequence[Suggestor], *seeds: Proposal) -> ConvergeResult:
    """Run a team over seeds."""
    *_, last = converge(team, State.fresh(seeds))
    return last.result


def ids(result: ConvergeResult, key: ContextKey) -> list[str]:
    """The ids under a key, in order."""
    return [fact.id for fact in result.context.get(key)]
