"""Huddles of any size for tests: people of two camps, who note, vote, change their minds and say why."""

from typing import Any

REASONS = ("It costs too much.", "Nobody asked us.", "It is not proven.", "There is a better way.", "It comes too late.")


def crowd(people: int, topics: int, rounds: int = 1) -> dict[str, Any]:
    """A formation in which everybody notes once a round and votes on a share of the topics; every seventh changes their mind once."""
    names = [f"person-{number:03}" for number in range(people)]
    team: list[dict[str, Any]] = [{"kind": "round-starter", "with": {"max_rounds": rounds}}]
    for number in range(1, rounds + 1):
        team += [_turn(who, place, number, topics, rounds) for place, who in enumerate(names)]
        team.append(
            {
                "kind": "round-synthesizer",
                "name": f"synthesis-{number}",
                "with": {"expected_notes": people, "rounds": [number], "producer": "counting"},
            }
        )
        if number < rounds:
            said = {"key": "Constraints", "id": f"round:continue:{number}", "text": "go on", "provenance": "moderator"}
            team.append(_rule(f"moderator-{number}", "Strategies", ["Strategies", f"synthesis:{number}"], [said]))
    over = {"when": [{"has_fact": ["Strategies", f"synthesis:{rounds}"]}]}
    team.append({"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": people, "decide": over}})
    team.append({"kind": "disagreement-mapper", "with": over})
    seeds = [
        {
            "key": "Seeds",
            "id": f"topic-{number}",
            "text": f"Shall we do thing number {number}, as it was put forward?",
            "provenance": "test",
        }
        for number in range(topics)
    ]
    budget = {"max_cycles": 200, "max_facts": 50_000}
    return {"schema": "organism.formation/v1", "label": f"Crowd of {people}", "budget": budget, "team": team, "seeds": seeds}


def decision(place: int, topic: int) -> str:
    """What somebody thinks: half of them with the camp, the others by themselves."""
    own = (place * 7919 + topic * 104_729 + place * topic) % 97
    leans = (place * 2 // 3 + topic) % 5 if own < 40 else (place % 2) * 3 + topic % 2
    return "abstain" if own % 9 == 0 else "yes" if leans < 3 else "no"


def _turn(who: str, place: int, number: int, topics: int, rounds: int) -> dict[str, Any]:
    said = [
        {
            "key": "Hypotheses",
            "id": f"note:{who}:{number}",
            "text": f"{who} has thought about it in round {number}. " * 3,
            "provenance": who,
        }
    ]
    for topic in range(number - 1, topics, rounds):
        said += _vote(who, topic, decision(place, topic), f"vote:{topic}:{who}", REASONS[(place + topic) % 5] if place % 3 else "")
    if number == rounds and number > 1 and place % 7 == 0:
        after = "no" if decision(place, 0) == "yes" else "yes"
        said += _vote(who, 0, after, f"vote:0:{who}:again", "I was persuaded.")
        heard = ["Hypotheses", f"note:person-{(place + 1):03}:{number - 1}"]
        return _rule(f"{who}-round-{number}", "Signals", ["Signals", f"round:start:{number}"], said, heard)
    return _rule(f"{who}-round-{number}", "Signals", ["Signals", f"round:start:{number}"], said)


def _vote(who: str, topic: int, says: str, id: str, reason: str) -> list[dict[str, Any]]:
    name = f"topic-{topic}"
    value = {"topic": name, "voter": who, "decision": says} | ({"reason": reason} if reason else {})
    found = [_typed("Votes", id, "converge.governance.vote", value, who)]
    if says == "no":
        dissent = {"topic": name, "dissenter": who, "reason": reason or "I voted no."}
        found.append(_typed("Disagreements", id.replace("vote", "disagreement"), "converge.governance.disagreement", dissent, who))
    return found


def _typed(key: str, id: str, family: str, value: dict[str, Any], provenance: str) -> dict[str, Any]:
    return {"key": key, "id": id, "payload": {"family": family, "version": 1, "payload": value}, "provenance": provenance}


def _rule(name: str, wakes: str, after: list[str], says: list[dict[str, Any]], heard: list[str] | None = None) -> dict[str, Any]:
    unsaid = {"lacks_fact": [says[0]["key"], says[0]["id"]]}
    also = [{"has_fact": heard}] if heard else []
    return {
        "kind": "rule",
        "name": name,
        "with": {"dependencies": [wakes], "accepts": [{"has_fact": after}, *also, unsaid], "proposes": says},
    }
