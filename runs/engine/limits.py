"""The limits on what a run spends; the cycle limit is checked where a cycle begins.

A limit is reached when what was spent is at least as much. Where the limit is 0 no batch is started at all, and a run
that spends nothing ends as if there were none. It is looked at after each merge and, within a cycle, before
each batch of effects: nothing is started beyond a limit. A batch that was started is finished and charged whole, so a
run overshoots by one batch at most. A run that ends before a batch keeps what was merged; the cycle that wanted the
batch is not merged, but its effects stand in the journal and are paid for.
"""

from runs.engine.budget import Budget
from runs.engine.errors import BudgetExhausted
from runs.engine.state import State
from runs.engine.stopping import StopReason


def check_limits(budget: Budget, state: State, *, least: int = 1) -> None:
    """Raise `BudgetExhausted` for the first spent one of facts, tokens, time, cost.

    `least` is what must have been spent for a limit to be reached at all: 0 before something is spent, else 1.
    """
    facts, spent = state.context.size, state.spent
    if facts > budget.max_facts:
        stop = StopReason.of("FactBudgetExhausted", facts_count=facts, limit=budget.max_facts)
        raise BudgetExhausted(f"max_facts ({facts} > {budget.max_facts})", "Facts", stop, budget.max_facts, facts)
    if budget.max_tokens is not None and spent.tokens >= max(budget.max_tokens, least):
        stop = StopReason.of("TokenBudgetExhausted", tokens_consumed=spent.tokens, limit=budget.max_tokens)
        raise _spent("max_tokens", "Tokens", stop, budget.max_tokens, spent.tokens)
    if budget.max_seconds is not None and spent.microseconds >= max(budget.max_seconds * 1_000_000, least):
        used, limit = spent.microseconds // 1000, round(budget.max_seconds * 1000)
        stop = StopReason.of("TimeBudgetExhausted", duration_ms=used, limit_ms=limit)
        raise _spent("max_time_ms", "Time", stop, limit, used)
    limit_cost = budget.max_cost_microdollars
    if limit_cost is not None and spent.cost_microdollars >= max(limit_cost, least):
        stop = StopReason.of("CostBudgetExhausted", cost_microdollars=spent.cost_microdollars, limit=limit_cost)
        raise _spent("max_cost_microdollars", "Cost", stop, limit_cost, spent.cost_microdollars)


def cycles_exhausted(limit: int) -> BudgetExhausted:
    """The error of a run that has had all its cycles."""
    stop = StopReason.of("CycleBudgetExhausted", cycles_executed=limit, limit=limit)
    return BudgetExhausted(f"max_cycles ({limit})", "Cycles", stop, limit, limit)


def _spent(name: str, resource: str, stop: StopReason, limit: int, observed: int) -> BudgetExhausted:
    return BudgetExhausted(f"{name} ({observed} of {limit})", resource, stop, limit, observed)
