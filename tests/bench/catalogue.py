"""`python -m tests.bench catalogue`: the stress test over ever more plans grows linearly, and what a judgement costs.

A judgement's overhead is everything but the agent's own arithmetic: reading the plan, finding it, encoding, promoting. The
arithmetic is measured by asking the same agents about the same plans, read beforehand.
"""

import json
import statistics

from runs.engine import Budget, ContextKey, Payload, Proposal, State, converge
from runs.suggestors.judging import Judge
from runs.suggestors.plan_reading import plan_in
from runs.suggestors.teams import stress_test
from tests.bench.engine import timed

SIZES = (1, 100, 1000)
ROUNDS = 9
MOST_OVERHEAD = 40.0
MOST_GROWTH = 1.5
JUDGES = 9


def plan(number: int) -> Payload:
    """A plan that declares something of everything."""
    annotation = {
        "assumptions": ["The vendor delivers", "Demand grows"],
        "evidence": ["The vendor delivers: 3 references"],
        "costs": [{"category": "licences", "estimate": 40_000 + number, "uncertainty": 0.1}, {"category": "people", "estimate": 20_500}],
        "impacts": [{"confidence": 0.9}, {"confidence": 0.7}],
        "risks": [{"likelihood": "unlikely"}, {"likelihood": "possible"}],
        "authority_level": 2,
        "team_size": 4,
        "complexity": "high",
        "timeline_days": 60,
        "team_utilization": 0.7,
        "system_load": 0.4,
        "causal_claims": [{"cause": "a", "effect": "b", "evidence_count": 2}],
        "dependencies": [{"name": "chips", "lead_time_days": 20}],
    }
    return Payload.text_of(json.dumps({"description": f"Plan {number}", "annotation": annotation}))


def whole(plans: int) -> int:
    """Run the stress test over so many plans; returns the number of facts."""
    seeds = [Proposal(ContextKey.STRATEGIES, f"plan-{number}", plan(number), "author") for number in range(plans)]
    *_, last = converge(stress_test(recommend=False), State.fresh(seeds), budget=Budget(max_facts=10**6))
    assert last.result.converged
    return len(last.result.context)


def arithmetic(plans: int) -> float:
    """Seconds that the judges' own arithmetic takes."""
    judges = [agent for agent in stress_test(recommend=False) if isinstance(agent, Judge)]
    readings = [plan_in(plan(number)) for number in range(plans)]
    return timed(lambda: [judge.judge("plan", reading) for judge in judges for reading in readings])


def main(argv: list[str]) -> None:
    """Print everything; takes no arguments."""
    found: dict[int, tuple[float, float]] = {}
    print(f"{'plans':>6}{'whole ms':>12}{'µs/judgement':>15}{'arithmetic':>12}{'overhead':>10}")
    for size in SIZES:
        assert whole(size) == size * (JUDGES + 1)
        inner = max(1, 200 // size)
        seconds = statistics.median(timed(lambda size=size: whole(size), inner) for _ in range(ROUNDS))
        own = statistics.median(arithmetic(size) for _ in range(ROUNDS))
        each, own_each = (amount / (size * JUDGES) * 1e6 for amount in (seconds, own))
        found[size] = each, each - own_each
        print(f"{size:>6}{seconds * 1e3:>12.2f}{each:>15.1f}{own_each:>12.1f}{each - own_each:>10.1f}")
    growth = found[SIZES[-1]][0] / found[SIZES[1]][0]
    print(f"a judgement among {SIZES[-1]} plans costs {growth:.2f} × one among {SIZES[1]} (at most {MOST_GROWTH})")
    print(f"overhead {found[SIZES[-1]][1]:.1f} µs a judgement (at most {MOST_OVERHEAD:.0f})")
