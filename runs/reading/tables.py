"""What the huddle's drawings show, as rows: for spreadsheets, programs and whoever wants to count again."""

from collections.abc import Callable
from typing import Any

from runs.models import Run
from runs.reading.ballots import ballots_of
from runs.reading.disagreements import disagreements_of, reasons_of
from runs.reading.retally import Question
from runs.reading.rounds import turns_of
from runs.reading.topics import judged

Rows = list[dict[str, Any]]


def rows_of(run: Run, what: str, question: Question) -> Rows:
    """The rows of one of `TABLES`; topics and votes as the question would have them."""
    return TABLES[what](run, question)


def _topics(run: Run, question: Question) -> Rows:
    return [
        {
            "topic": topic.name,
            "text": topic.text,
            "rule": topic.rule and str(topic.rule),
            "voters": topic.voters,
            "yes": topic.yes,
            "no": topic.no,
            "abstain": topic.abstain,
            "not_cast": topic.not_cast,
            "needed": topic.needed,
            "margin": topic.margin,
            "passes": topic.passes,
            "decided": topic.ballot.passes,
            "hypothetical": question.is_asked,
            "pivotal": topic.pivotal,
        }
        for topic in judged(ballots_of(run), question)
    ]


def _votes(run: Run, question: Question) -> Rows:
    rows = []
    for topic in judged(ballots_of(run), question):
        flipped = {flip.voter for flip in topic.flipped}
        for voter, decision in topic.decisions.items():
            cast = topic.ballot.votes.get(voter)
            said: dict[str, Any] = {"topic": topic.name, "voter": voter, "decision": str(decision)}
            rows.append(said | {"reason": cast.reason if cast else "", "cycle": cast and cast.cycle, "hypothetical": voter in flipped})
    return rows


def _dissent(run: Run) -> Rows:
    return [
        {
            "topic": split.topic.name,
            "text": split.topic.text,
            "divisiveness": round(split.divisiveness, 6),
            "yes": split.topic.yes,
            "no": split.topic.no,
            "dissenter": who,
            "position": str(split.topic.decisions.get(who, "not cast")),
            "against_per_cent": against,
            "reasons": reasons_of(split).get(who, []),
        }
        for split in disagreements_of(run).splits
        for who, against in split.dissenters.items()
    ]


def _agreement(run: Run) -> Rows:
    return [
        {"one": pair.one, "other": pair.other, "common": pair.common, "same": pair.same, "agreement": pair.agreement}
        for pair in disagreements_of(run).agreement.pairs
    ]


def _rounds(run: Run) -> Rows:
    return [
        {
            "round": turn.round,
            "participant": turn.speaker,
            "notes": [note.fact_id for note in turn.notes],
            "yes": turn.tally.yes,
            "no": turn.tally.no,
            "abstain": turn.tally.abstain,
            "changes": [f"{change.topic}: {change.before} to {change.after}" for change in turn.changes],
        }
        for turn in turns_of(run, ballots_of(run))
    ]


TABLES: dict[str, Callable[[Run, Question], Rows]] = {
    "topics": _topics,
    "votes": _votes,
    "dissent": lambda run, _: _dissent(run),
    "agreement": lambda run, _: _agreement(run),
    "rounds": lambda run, _: _rounds(run),
}
