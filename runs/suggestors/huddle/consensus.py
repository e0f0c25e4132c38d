"""The suggestor that counts votes and states the verdict on each topic."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine import ConsensusOutcome, ConsensusRule, Context, ContextKey, Fact, Payload, Proposal, Suggestor, Vote
from runs.engine.governance import OUTCOME_FAMILY, VOTE_FAMILY
from runs.suggestors.conditions import Condition, Conditions
from runs.suggestors.forms import LARGEST
from runs.suggestors.growing import Growing
from runs.suggestors.huddle.ballots import Ballot, is_settled
from runs.suggestors.huddle.conventions import PROVENANCE
from runs.suggestors.huddle.when import await_conditions, keys_with
from runs.suggestors.lacking import Lack, failing
from runs.suggestors.registry import Kind, always, register

NAME = "organism-consensus-evaluator"
Ballots = dict[str, Ballot]
_read_vote = msgspec.json.Decoder(Vote).decode


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Decide once all conditions hold."""

    when: Annotated[Conditions, Meta(description="All must hold; then every topic that has votes is decided.")]


Decide = Literal["settled", "first"] | When


class ConsensusEvaluator(Suggestor):
    """States `outcome:{topic}` once for each topic that has votes, in ascending order of topics.

    `decide` says when: `settled` when every eligible voter voted or no remaining vote can change the result; `first` as
    soon as any vote is visible; or once given conditions hold (a `When`, or a mapping with `when`). A topic with more votes
    than voters cannot be decided: it leaves the Diagnostic `undecided:{topic}`, unless `report_undecided` is off.
    """

    def __init__(
        self,
        rule: ConsensusRule | str,
        total_voters: int,
        *,
        decide: Decide | dict[str, Any] = "settled",
        report_undecided: bool = True,
        name: str = NAME,
    ) -> None:
        self.name = name
        self._rule = ConsensusRule(rule)
        self._voters = total_voters
        self._decide: Decide = msgspec.convert(msgspec.to_builtins(decide), Decide)
        self._report_undecided = report_undecided
        self._holds = await_conditions(self, ContextKey.VOTES, conditions_of(self._decide))
        self._ballots = Growing[Ballots](ContextKey.VOTES, dict, _file_vote)

    def accepts(self, context: Context) -> bool:
        """Tell whether a topic is ready to be decided."""
        return self._holds(context) and next(self._ready(context), None) is not None

    def _ready(self, context: Context) -> Iterator[tuple[str, Ballot]]:
        for topic, ballot in self._ballots.of(context).items():
            if self._is_due(ballot) and not _is_done(topic, context):
                yield topic, ballot

    def _is_due(self, ballot: Ballot) -> bool:
        return self._decide != "settled" or is_settled(self._rule, ballot.tally(), self._voters)

    def lacks(self, context: Context) -> Iterator[Lack]:
        """Conditions that do not hold, and topics that more votes must settle."""
        yield from failing(conditions_of(self._decide), context)
        for topic, ballot in self._ballots.of(context).items():
            if not self._is_due(ballot):
                cast = ballot.tally().total_cast
                yield Lack(f"topic '{topic}' has {cast} of {self._voters} votes, and the others may change its result")

    def suggest(self, context: Context) -> list[Proposal]:
        """The verdict on every topic that is ready."""
        if not self._holds(context):
            return []
        verdicts = (self._verdict(topic, ballot) for topic, ballot in sorted(self._ready(context), key=lambda item: item[0]))
        return [verdict for verdict in verdicts if verdict is not None]

    def _verdict(self, topic: str, ballot: Ballot) -> Proposal | None:
        tally = ballot.tally()
        if self._voters >= max(tally.total_cast, 1):
            outcome = ConsensusOutcome.from_tally(topic, self._rule, tally, self._voters)
            payload = Payload.of(OUTCOME_FAMILY, msgspec.to_builtins(outcome))
            return Proposal(ContextKey.CONSENSUS_OUTCOMES, _outcome_id(topic), payload, PROVENANCE, used=ballot.counted())
        if not self._report_undecided:
            return None
        # Without the number of voters, so that two evaluators say the same of one topic.
        why = f"{tally.total_cast} votes were cast on '{topic}', more than there are eligible voters"
        payload = Payload.diagnostic_of(NAME, why)
        return Proposal(ContextKey.DIAGNOSTIC, _undecided_id(topic), payload, PROVENANCE, used=ballot.counted())


def conditions_of(decide: Decide) -> Sequence[Condition]:
    """The conditions of `decide`, if it has some."""
    return decide.when if isinstance(decide, When) else ()


def _outcome_id(topic: str) -> str:
    return f"outcome:{topic}"


def _undecided_id(topic: str) -> str:
    return f"undecided:{topic}"


def _is_done(topic: str, context: Context) -> bool:
    """Whether the verdict, its rejection by a human or the reason for its absence stands in the context."""
    if context.fact(ContextKey.CONSENSUS_OUTCOMES, _outcome_id(topic)):
        return True
    notes = (_undecided_id(topic), f"hitl-rejected:{_outcome_id(topic)}", f"hitl-rejected:{_undecided_id(topic)}")
    return any(context.fact(ContextKey.DIAGNOSTIC, note) for note in notes)


def _file_vote(ballots: Ballots, fact: Fact) -> None:
    if fact.payload.family == VOTE_FAMILY and fact.payload.version == 1:
        try:
            vote = _read_vote(fact.payload.json)
        except msgspec.MsgspecError:
            return
        ballots.setdefault(vote.topic, Ballot()).take(vote, fact.id)


class ConsensusEvaluatorParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `consensus-evaluator`."""

    rule: Annotated[ConsensusRule, Meta(description="When a topic passes.")]
    total_voters: Annotated[int, Meta(ge=1, le=LARGEST, description="How many may vote; missing votes count against.")]
    decide: Annotated[
        Decide,
        Meta(description="`settled`: when the result is certain; `first`: on the first vote; or once conditions hold."),
    ] = "settled"
    report_undecided: Annotated[bool, Meta(description="Leave a Diagnostic for a topic that cannot be decided.")] = True


def _build(params: ConsensusEvaluatorParams, name: str) -> ConsensusEvaluator:
    return ConsensusEvaluator(params.rule, params.total_voters, decide=params.decide, report_undecided=params.report_undecided, name=name)


register(
    Kind(
        kind="consensus-evaluator",
        summary="Counts the votes on each topic and states the verdict.",
        params=ConsensusEvaluatorParams,
        build=_build,
        reads=lambda params: keys_with(ContextKey.VOTES, conditions_of(params.decide)),
        writes=always(ContextKey.CONSENSUS_OUTCOMES, ContextKey.DIAGNOSTIC),
    )
)
