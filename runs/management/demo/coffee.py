"""A huddle of five about coffee: two rounds of notes, two motions, one carried."""

import json
from typing import Any

PEOPLE = ("ada", "bela", "chidi", "dana", "emre")
NOTES = {
    1: {
        "ada": "The two machines in the kitchen broke down eleven times this year. Each repair cost us 180 euros and half a morning.",
        "bela": "A lease includes the repairs. The offer for two years is 96 euros a month for both machines.",
        "chidi": "I mind the paper cups more than the machines. We throw away about 900 a month.",
        "dana": "Guests need cups. We can wash mugs for ourselves, hardly for a conference of sixty.",
        "emre": "The dishwasher runs twice a day already; a third run is 40 cents.",
    },
    2: {
        "ada": "Then the lease is cheaper than the repairs alone: 1 152 against 1 980 euros a year.",
        "bela": "I asked: we may leave the lease after twelve months without a fee.",
        "chidi": "A shelf of 60 mugs costs 240 euros once. That ends the argument with the guests.",
        "dana": "Somebody must load sixty mugs. That somebody will be reception, and nobody asked them.",
        "emre": "Let us try without paper cups for a month before we decide for good.",
    },
}
MOTIONS = {
    "motion-lease": "Lease both coffee machines for two years",
    "motion-no-paper-cups": "Stop buying paper cups from January",
}
BALLOTS = {
    "motion-lease": {
        "ada": ("yes", "It is cheaper, and somebody else repairs."),
        "bela": ("yes", ""),
        "chidi": ("yes", ""),
        "dana": ("no", "Two years is long. Leaving after one should be in the contract, not in an e-mail."),
        "emre": ("yes", "With the exit after twelve months."),
    },
    "motion-no-paper-cups": {
        "ada": ("yes", ""),
        "bela": ("abstain", "Not my kitchen."),
        "chidi": ("yes", "900 a month."),
        "dana": ("no", "Reception was not asked."),
        "emre": ("no", "First try it for a month."),
    },
}


def coffee() -> dict[str, Any]:
    """The formation document."""
    team: list[dict[str, Any]] = [{"kind": "round-starter", "with": {"max_rounds": 2}}]
    team += [_note(person, number) for number in NOTES for person in PEOPLE]
    team += [{"kind": "round-synthesizer", "with": {"expected_notes": len(PEOPLE), "producer": "join"}}, _moderator()]
    team += [_voter(person) for person in PEOPLE]
    team.append({"kind": "consensus-evaluator", "with": {"rule": "supermajority", "total_voters": len(PEOPLE), "decide": _all_voted()}})
    team.append({"kind": "disagreement-mapper", "with": _all_voted()})
    return {
        "schema": "organism.formation/v1",
        "label": "Coffee in the kitchen",
        "description": "Five colleagues deliberate in two rounds and vote on two motions.",
        "budget": {"max_cycles": 30, "max_facts": 200},
        "team": team,
        "seeds": [_text("Seeds", name, words, "office") for name, words in MOTIONS.items()],
    }


def _note(person: str, number: int) -> dict[str, Any]:
    """One at a time: each speaks after the one before."""
    place = PEOPLE.index(person)
    heard = f"note:{PEOPLE[place - 1]}:{number}" if place else None
    before = [{"has_fact": ["Hypotheses", heard]}] if heard else [{"has_fact": ["Signals", f"round:start:{number}"]}]
    said = _text("Hypotheses", f"note:{person}:{number}", NOTES[number][person], person)
    return _rule(f"{person}-round-{number}", ["Hypotheses" if heard else "Signals"], before, [said])


def _moderator() -> dict[str, Any]:
    said = _text("Constraints", "round:continue:1", "Heard. Bring numbers to the second round.", "moderator")
    return _rule("moderator", ["Strategies"], [{"has_fact": ["Strategies", "synthesis:1"]}], [said])


def _voter(person: str) -> dict[str, Any]:
    place = PEOPLE.index(person)
    before = ["Votes", f"vote:motion-lease:{PEOPLE[place - 1]}"] if place else ["Strategies", "synthesis:2"]
    said = [proposal for motion in MOTIONS for proposal in _ballot(person, motion)]
    return _rule(f"{person}-votes", [before[0]], [{"has_fact": before}], said)


def _ballot(person: str, motion: str) -> list[dict[str, Any]]:
    decision, reason = BALLOTS[motion][person]
    vote = {"topic": motion, "voter": person, "decision": decision} | ({"reason": reason} if reason else {})
    said = [_typed("Votes", f"vote:{motion}:{person}", "converge.governance.vote", vote, person)]
    if decision == "no":
        dissent = {"topic": motion, "dissenter": person, "reason": reason}
        said.append(_typed("Disagreements", f"disagreement:{motion}:{person}", "converge.governance.disagreement", dissent, person))
    return said


def _all_voted() -> dict[str, Any]:
    return {"when": [{"has_fact": ["Votes", f"vote:motion-lease:{PEOPLE[-1]}"]}]}


def _rule(name: str, wakes: list[str], accepts: list[dict[str, Any]], says: list[dict[str, Any]]) -> dict[str, Any]:
    """A seat that says something once."""
    unsaid = {"lacks_fact": [says[0]["key"], says[0]["id"]]}
    return {"kind": "rule", "name": name, "with": {"dependencies": wakes, "accepts": [*accepts, unsaid], "proposes": says}}


def _text(key: str, id: str, words: str, provenance: str) -> dict[str, Any]:
    return {"key": key, "id": id, "text": words, "provenance": provenance}


def _typed(key: str, id: str, family: str, value: dict[str, Any], provenance: str) -> dict[str, Any]:
    payload = {"family": family, "version": 1, "payload": value}
    return {"key": key, "id": id, "payload": payload, "provenance": provenance}


def document() -> str:
    """The formation document as JSON text."""
    return json.dumps(coffee(), ensure_ascii=False)
