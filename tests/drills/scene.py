"""What is played: effects that may and may not be repeated, several cycles, votes, a gate, and effects behind it."""

from typing import Any

from tests.conducted import says, vote
from tests.documents import document, rule

#: The tools of the scene; a letter that was sent cannot be sent again.
REPEATABLE, ONCE = "oracle", "letter"
#: What a person says who is asked.
ANSWER = "So be it"


def asks(name: str, after: tuple[str, str], *tools: str) -> dict[str, Any]:
    """A seat that uses tools, one after the other, and says what came of it."""
    return {"kind": "drill-asks", "name": name, "with": {"after": list(after), "tools": list(tools)}}


def question() -> str:
    """The same in small around a person who is asked something: effects before the question, and behind it."""
    asked = {"ask": "approver", "wants": "note", "topic": "s1", "when": [{"has_fact": ["Hypotheses", "ada"]}]}
    team = [
        asks("ada", ("Seeds", "s1"), REPEATABLE),
        {"kind": "human", "name": "cfo", "with": asked},
        asks("cleo", ("Hypotheses", "note:cfo:s1"), ONCE),
    ]
    return document("Question", team)


def scene(**gates: Any) -> str:
    """The formation document."""
    team = [
        asks("ada", ("Seeds", "s1"), REPEATABLE, REPEATABLE),
        asks("bob", ("Seeds", "s1"), ONCE),
        rule("first", "Signals", "first", "Ada has spoken", after=("Hypotheses", "ada")),
        rule("second", "Signals", "second", "So be it", after=("Signals", "first")),
        vote("ada", "lunch", "yes"),
        vote("bob", "lunch", "yes", "fresh air"),
        {"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 2, "decide": "first"}},
        rule("planner", "Strategies", "plan", "Buy two boats", after=("Signals", "second")),
        asks("cleo", ("Strategies", "plan"), ONCE, REPEATABLE),
        says("last", "Proposals", "last", text="Done", after=["Hypotheses", "cleo"]),
    ]
    return document("Drill", team, gates={"keys": ["Strategies"], "timeout": {"seconds": 1800, "action": "reject"}} | gates)
