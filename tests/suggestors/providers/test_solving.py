"""The models of the solver: what is best, what is told of it, and which conditions conflict."""

import itertools
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.engine import EffectRequest, ToolCall
from runs.suggestors.optimization import Problem
from runs.suggestors.providers import Call, ProviderError
from runs.suggestors.providers import solver as provider
from runs.suggestors.providers.solver import Solver
from runs.suggestors.providers.solving.solve import Effort, TookTooLong, solve
from tests.server import ROOT


def solved(kind, *, work=3.0, **problem):
    return solve(msgspec.convert({"kind": kind} | problem, Problem), Effort(work, 60.0))


def pair(agent, task, amount) -> dict:
    return {"agent": agent, "task": task, "amount": amount}


TEAM = {"agents": ["ada", "bob"], "tasks": ["roof", "door"]}
PAIRS = [pair("ada", "roof", 4), pair("ada", "door", 2.5), pair("bob", "roof", 3)]


def test_tasks_are_assigned_at_the_least_cost():
    found = solved("assignment", **TEAM, pairs=[*PAIRS, pair("bob", "door", 9)])
    assert (found.status, found.objective) == ("optimal", 5.5)
    assert found.says == ["2 of 2 tasks are assigned, with a total cost of 5.5", "ada does door (cost 2.5)", "bob does roof (cost 3)"]
    assert found.choice[1] == {"agent": "bob", "task": "roof", "amount": 3}


def test_tasks_are_assigned_for_the_greatest_gain():
    found = solved("assignment", **TEAM, pairs=[*PAIRS, pair("bob", "door", 9)], goal="maximize")
    assert (found.objective, found.says[0]) == (13, "2 of 2 tasks are assigned, with a total gain of 13")


def test_somebody_may_do_several_tasks():
    assert solved("assignment", **TEAM, pairs=PAIRS[:2], most_tasks=2).objective == 6.5


def test_nobody_for_two_tasks_is_a_conflict():
    found = solved("assignment", **TEAM, pairs=PAIRS[:2])
    assert (found.status, found.objective, found.choice) == ("infeasible", None, [])
    assert found.conflict == ["'roof' is done by somebody", "'door' is done by somebody", "'ada' does at most 1"]


def item(name, value, weight, **more) -> dict:
    return {"name": name, "value": value, "weight": weight} | more


def test_what_fits_and_is_worth_the_most_is_taken():
    found = solved("knapsack", capacity=10, items=[item("a", 6, 4), item("b", 5, 3, most=2), item("c", 9, 7)])
    assert (found.status, found.objective) == ("optimal", 16)
    assert found.says[0] == "a value of 16 fits, with a weight of 10 of 10"
    assert found.says[2] == "2 × b (value 5, weight 3 each)"


def test_of_a_group_one_thing_is_taken_at_most():
    found = solved("knapsack", capacity=9, items=[item("a", 6, 4), item("b", 5, 3), item("c", 4, 4)], exclusive=[["a", "b", "b"]])
    assert [one["item"] for one in found.choice] == ["a", "c"]


def test_what_must_be_taken_and_does_not_fit_is_a_conflict():
    items = [item("a", 6, 4, required=True), item("b", 5, 3, required=True), item("c", 9, 7, required=True)]
    assert solved("knapsack", capacity=9.9999, items=items).conflict == ["all weighs at most 9.9999", "'b' is taken", "'c' is taken"]
    assert solved("knapsack", capacity=14, items=items).objective == 20


def task(name, duration, *after, **more) -> dict:
    return {"name": name, "duration": duration, "after": list(after)} | more


HOUSE = [
    task("dig", 3),
    task("wall", 5, "dig", needs={"crew": 2}),
    task("roof", 2, "wall", needs={"crew": 1}),
    task("paint", 4, "dig", needs={"crew": 1}, deadline=8),
]


def test_everything_is_over_as_early_as_can_be():
    found = solved("scheduling", tasks=HOUSE, resources={"crew": 2})
    assert (found.status, found.objective) == ("optimal", 14)
    assert found.says == ["all is over after 14 days", "dig from 0 to 3", "paint from 3 to 7", "wall from 7 to 12", "roof from 12 to 14"]


def test_times_of_which_one_is_too_early_are_a_conflict():
    found = solved("scheduling", tasks=HOUSE, resources={"crew": 2}, horizon=13, unit="weeks")
    assert found.status == "infeasible"
    assert {"all is over by 13", "'paint' is over by 8", "there is 2 of 'crew' at a time"} < set(found.conflict)
    assert solved("scheduling", tasks=HOUSE, resources={"crew": 3}, horizon=13, unit="weeks").says[0] == "all is over after 10 weeks"


@pytest.mark.parametrize(
    ("tasks", "conflict"),
    [
        ([task("a", 3, "b"), task("b", 3, "a"), task("c", 4)], ["'a' begins after 'b'", "'b' begins after 'a'"]),
        ([task("a", 0, needs={"crew": 3})], ["there is 2 of 'crew' at a time"]),
        ([task("a", 2, earliest=3, deadline=4)], ["'a' begins at 3 or later", "'a' is over by 4"]),
    ],
    ids=["circle", "too few", "too late"],
)
def test_small_conflicts_of_times(tasks, conflict):
    assert solved("scheduling", tasks=tasks, resources={"crew": 2}).conflict == conflict


def test_a_time_that_just_suffices_suffices():
    assert solved("scheduling", tasks=[task("a", 2, earliest=3, deadline=5)]).says == ["all is over after 5 days", "a from 3 to 5"]


ADS = {"name": "ads", "rate": 1.5, "most": 60, "full_until": 30, "rate_beyond": 0.9}
FAIR = {"name": "fair", "rate": 1.2, "most": 50, "least": 20}


def test_money_is_spent_where_it_brings_the_most():
    found = solved("budget_allocation", budget=100, options=[ADS, FAIR])
    assert (found.status, found.objective) == ("optimal", 123)
    assert found.says == ["spending 100 of 100 brings 123", "50 on ads, which brings 63", "50 on fair, which brings 60"]


@pytest.mark.parametrize(("budget", "spent"), [(34, {"ads": 34}), (51, {"ads": 30, "fair": 21})])
def test_less_than_the_least_is_not_spent(budget, spent):
    found = solved("budget_allocation", budget=budget, options=[ADS, FAIR])
    assert {one["option"]: one["amount"] for one in found.choice} == spent


def test_amounts_are_multiples_of_the_step_and_shares_are_kept():
    shares = [{"name": "all", "options": ["ads", "fair"], "most": 58}, {"name": "halls", "options": ["fair"], "least": 21}]
    found = solved("budget_allocation", budget=100, options=[ADS, FAIR], shares=shares, step=2.5)
    assert [one["amount"] for one in found.choice] == [30, 27.5]


def test_shares_that_cannot_be_paid_are_a_conflict():
    found = solved(
        "budget_allocation", budget=40, options=[ADS, FAIR | {"required": True}], shares=[{"name": "x", "options": ["ads"], "least": 21}]
    )
    assert found.conflict == ["at least 20 is spent on fair", "at most 40 is spent in all", "at least 21 is spent on x"]


def test_without_work_nothing_is_found():
    names = [f"t{number}" for number in range(40)]
    tasks = [task(name, 3 + number % 5, needs={"crew": 1 + number % 3}) for number, name in enumerate(names)]
    found = solved("scheduling", tasks=tasks, resources={"crew": 4}, work=1e-9)
    assert (found.status, found.says) == ("unknown", ["nothing was found with the work that was allowed"])


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6), st.integers(0, 25))
def test_nothing_better_can_be_taken(pairs, capacity):
    items = [item(str(number), value, weight) for number, (value, weight) in enumerate(pairs)]
    sums = [
        tuple(map(sum, zip((0, 0), *some, strict=True))) for size in range(len(pairs) + 1) for some in itertools.combinations(pairs, size)
    ]
    best = max(value for value, weight in sums if weight <= capacity)
    assert solved("knapsack", capacity=capacity, items=items).objective == best


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=3, max_size=3))
def test_nobody_does_anything_cheaper(costs):
    pairs = [pair(str(agent), str(task), costs[agent][task]) for agent in range(3) for task in range(3)]
    best = min(sum(costs[agent][task] for task, agent in enumerate(order)) for order in itertools.permutations(range(3)))
    assert solved("assignment", agents=["0", "1", "2"], tasks=["0", "1", "2"], pairs=pairs).objective == best


def test_it_finds_the_same_again():
    tied = [pair(agent, task, 1) for agent in "abcde" for task in "vwxyz"]
    found = [solved("assignment", agents=list("abcde"), tasks=list("vwxyz"), pairs=tied) for _ in range(3)]
    assert found[0] == found[1] == found[2]


def asked(given) -> Call:
    return Call(EffectRequest(0, "s", 1, 0, ToolCall("organism.solver", given)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "the problem cannot be read: Expected `object`"),
        ({"problem": {"kind": "chess"}}, "Invalid value 'chess'"),
        ({"problem": {"kind": "knapsack", "capacity": 1, "items": [item("a", 1, 1)] * 2}}, r"items\[1\]: 'a' is there already"),
    ],
    ids=["nothing", "kind", "twice"],
)
def test_what_is_no_problem_is_refused(given, words):
    with pytest.raises(ProviderError, match=words):
        Solver().answer(asked(given))


def test_without_or_tools_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(provider, "find_spec", lambda name: None)
    with pytest.raises(ProviderError, match=r"permanent: OR-Tools is not installed: pip install 'organism-web\[optimize\]'"):
        Solver().answer(asked({"problem": {"kind": "assignment", **TEAM, "pairs": []}}))


def test_it_does_not_meet_its_rival(monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", object())
    with pytest.raises(ProviderError, match="highspy"):
        Solver().answer(asked({"problem": {"kind": "assignment", **TEAM, "pairs": []}}))


def test_seconds_are_the_last_resort(monkeypatch):
    def late(*_):
        raise TookTooLong

    monkeypatch.setattr("runs.suggestors.providers.solving.solve.solve", late)
    with pytest.raises(ProviderError, match="timeout: no answer within 60 seconds"):
        Solver().answer(asked({"problem": {"kind": "assignment", **TEAM, "pairs": []}}))


def test_the_catalogue_brings_in_no_library_of_an_extra():
    extras = {"ortools", "cedarpy", "numpy"}
    code = f"import sys; from runs.suggestors import document_schema; document_schema(); print({extras} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout == "set()\n"
