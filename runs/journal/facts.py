"""What promoted and refused proposals mean: facts, and the huddle that is told by them."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from runs.engine.facts import TEXT_FAMILY, ContextKey, Fact
from runs.engine.governance import DISAGREEMENT_FAMILY, OUTCOME_FAMILY, VOTE_FAMILY
from runs.engine.wire import Row
from runs.journal.cycles import cell_of
from runs.journal.project import Projection, data_of, reads
from runs.models import ConsensusOutcome, Disagreement, Rejection, Round, Vote
from runs.models import Fact as FactRow

_ROUND: dict[str, Any] = dict.fromkeys(
    (
        "started_seq", "started_cycle", "synthesis", "synthesis_seq", "synthesis_cycle", "error", "continued_seq", "continued_cycle",
    )
)  # fmt: skip
_NUMBER = re.compile(r"\+?[0-9]+", re.ASCII)


@reads("FactPromoted")
def fact_promoted(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """A fact; its family may say more."""
    fact = row.fact
    assert fact is not None
    payload = fact.payload
    text = fact.text if payload.family == TEXT_FAMILY else None
    projection.add(
        FactRow, seq, fact.key.value, fact.id, payload.family, payload.version, payload.json, text, fact.subject, fact.span,
        row.suggestor, fact.provenance, fact.confidence, fact.cycle, fact.stamp, fact.approver,
        json.dumps(fact.used, ensure_ascii=False) if fact.used else None,
    )  # fmt: skip
    if row.suggestor is not None and not fact.is_note:
        cell = cell_of(projection, row)
        cell["promoted"] = (cell["promoted"] or 0) + 1
    teller = _TELLERS.get(fact.key)
    if teller is not None:
        teller(projection, seq, fact, text)


@reads("ProposalValidated")
def proposal_refused(projection: Projection, seq: int, at: datetime, row: Row) -> None:
    """A proposal that did not pass."""
    data = data_of(row)
    proposal = data["proposal"]
    reason = data["contract_results"][0]["failure_reason"]
    projection.add(Rejection, seq, row.cycle, row.suggestor, proposal["key"], proposal["id"], reason)
    if row.suggestor is not None:
        cell = cell_of(projection, row)
        cell["rejected"] = (cell["rejected"] or 0) + 1


def _vote(projection: Projection, seq: int, fact: Fact, text: str | None) -> None:
    if fact.payload.family == VOTE_FAMILY:
        said = fact.payload.value
        projection.add(Vote, seq, fact.id, said["topic"], said["voter"], said["decision"], said.get("reason"), fact.cycle)


def _disagreement(projection: Projection, seq: int, fact: Fact, text: str | None) -> None:
    if fact.payload.family == DISAGREEMENT_FAMILY:
        said = fact.payload.value
        projection.add(Disagreement, seq, fact.id, said["topic"], said["dissenter"], said["reason"], fact.cycle)


def _outcome(projection: Projection, seq: int, fact: Fact, text: str | None) -> None:
    if fact.payload.family == OUTCOME_FAMILY:
        said = fact.payload.value
        tally = (said["yesVotes"], said["noVotes"], said["abstainVotes"], said["totalVoters"])
        projection.add(ConsensusOutcome, seq, fact.id, said["topic"], said["rule"], *tally, said["passes"], fact.cycle)


def _of_round(prefix: str, **column: str) -> Callable[[Projection, int, Fact, str | None], None]:
    """A teller for the facts of a key whose id is a prefix and the number of a round."""

    def tell(projection: Projection, seq: int, fact: Fact, text: str | None) -> None:
        number = _round_number(fact.id, prefix)
        if number is None:
            return
        told = {"seq": seq, "cycle": fact.cycle, "content": _words(fact, text)}
        projection.puts[Round].setdefault((number,), _ROUND.copy()).update({name: told[source] for source, name in column.items()})

    return tell


def _round_number(fact_id: str, prefix: str) -> int | None:
    if not fact_id.startswith(prefix) or not _NUMBER.fullmatch(fact_id, len(prefix)):
        return None
    number = int(fact_id[len(prefix) :][-300:])
    return number if number <= 255 else None


def _words(fact: Fact, text: str | None) -> str:
    """What a person reads of a synthesis or an error."""
    if text is not None:
        return text
    value = fact.payload.value
    message = value.get("message") if isinstance(value, dict) else None
    return message if isinstance(message, str) else fact.payload.json


_TELLERS: dict[ContextKey, Callable[[Projection, int, Fact, str | None], None]] = {
    ContextKey.VOTES: _vote,
    ContextKey.DISAGREEMENTS: _disagreement,
    ContextKey.CONSENSUS_OUTCOMES: _outcome,
    ContextKey.SIGNALS: _of_round("round:start:", seq="started_seq", cycle="started_cycle"),
    ContextKey.CONSTRAINTS: _of_round("round:continue:", seq="continued_seq", cycle="continued_cycle"),
    ContextKey.STRATEGIES: _of_round("synthesis:", seq="synthesis_seq", cycle="synthesis_cycle", content="synthesis"),
    ContextKey.DIAGNOSTIC: _of_round("runtime:error:synthesis:", content="error"),
}
