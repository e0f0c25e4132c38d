"""Chain, fan-out and huddle as formations: the workloads that the yardsticks know, told to our engine."""

import time
from collections.abc import Callable, Iterable, Sequence

from runs.engine import Context, ContextKey, Finished, Proposal, Seal, State, Suggestor, converge
from runs.engine.budget import Budget
from runs.engine.envelope import moment

PAY = "fact content of about forty characters.."
SEEDS, HYPOTHESES, VOTES, EVALUATIONS = (
    ContextKey.SEEDS,
    ContextKey.HYPOTHESES,
    ContextKey.VOTES,
    ContextKey.EVALUATIONS,
)
FactName = tuple[ContextKey, str]


class Agent(Suggestor):
    """Says fixed things once the facts it waits for are there."""

    def __init__(self, name: str, waits_for: Sequence[FactName], says: Iterable[tuple[ContextKey, str, str]]) -> None:
        self.name = name
        self.dependencies = tuple({key: None for key, _ in waits_for})
        self.waits_for = waits_for
        self._says = tuple(says)
        self.done_when = [self._says[0][:2]]

    def suggest(self, context: Context) -> list[Proposal]:
        """Its proposals, made anew each time, as an agent would."""
        return [Proposal.text_of(key, id, text, self.name) for key, id, text in self._says]


class Tally(Suggestor):
    """Closes a round of the huddle when all its votes are there."""

    name = "tally"
    dependencies = (VOTES,)

    def __init__(self, participants: int) -> None:
        self._participants = participants

    def accepts(self, context: Context) -> bool:
        """One tally for each full set of votes."""
        return context.count(VOTES) == (context.count(EVALUATIONS) + 1) * self._participants

    def suggest(self, context: Context) -> list[Proposal]:
        """The tally."""
        return [Proposal.text_of(EVALUATIONS, str(context.count(EVALUATIONS)), f"{self._participants} yes", "tally")]


class Speaker(Suggestor):
    """Speaks once a round: a note when the round opens, or a vote when all notes are there."""

    def __init__(self, number: int, rounds: int, participants: int, votes: bool) -> None:
        self.name = f"{'vote' if votes else 'note'}{number}"
        self.dependencies = (HYPOTHESES,) if votes else (SEEDS, EVALUATIONS)
        self._key = VOTES if votes else HYPOTHESES
        self._ids = [f"{number}:{round}" for round in range(rounds + 1)]
        self._rounds, self._participants, self._votes = rounds, participants, votes

    def accepts(self, context: Context) -> bool:
        """Its turn in the round that is open."""
        round = context.count(EVALUATIONS)
        if self._votes and context.count(HYPOTHESES) != (round + 1) * self._participants:
            return False
        return round < self._rounds and context.fact(self._key, self._ids[round]) is None

    def suggest(self, context: Context) -> list[Proposal]:
        """Its note or vote."""
        id = self._ids[context.count(EVALUATIONS)]
        return [Proposal.text_of(self._key, id, "yes" if self._votes else PAY, self.name)]


def chain(n: int) -> list[Suggestor]:
    """Each of `n` agents waits for the fact of the one before it."""
    start = [Agent("a1", [(SEEDS, "s")], [(HYPOTHESES, "f1", PAY)])]
    rest = (Agent(f"a{i}", [(HYPOTHESES, f"f{i - 1}")], [(HYPOTHESES, f"f{i}", PAY)]) for i in range(2, n + 1))
    return [*start, *rest]


def fanout(n: int, m: int = 5) -> list[Suggestor]:
    """A seed wakes `n` agents with `m` facts each; one aggregates."""
    workers = [Agent(f"w{j}", [(SEEDS, "s")], [(HYPOTHESES, f"{j}.{q}", PAY) for q in range(m)]) for j in range(n)]
    last = [(HYPOTHESES, f"{j}.{m - 1}") for j in range(n)]
    return [*workers, Agent("agg", last, [(EVALUATIONS, "sum", str(n * m))])]


def huddle(rounds: int, participants: int = 5) -> list[Suggestor]:
    """Each round: a note and a vote of everyone, then a tally that opens the next round."""
    notes = [Speaker(j, rounds, participants, votes=False) for j in range(participants)]
    votes = [Speaker(j, rounds, participants, votes=True) for j in range(participants)]
    return [*notes, *votes, Tally(participants)]


WORKLOADS: dict[str, tuple[Callable[[int], list[Suggestor]], Callable[[int], int]]] = {
    "chain": (chain, lambda n: n),
    "fanout": (fanout, lambda n: n * 5 + 1),
    "huddle": (huddle, lambda n: 11 * n),
}


def run(team: Sequence[Suggestor]) -> tuple[int, list[str]]:
    """Run to the end with sealed envelopes; returns the number of facts beside the seed, and the envelopes."""
    seal, seq, number, out = Seal("7f3a0000", "acme", "c-1"), 0, 0, list[str]()
    state = State.fresh([Proposal.text_of(SEEDS, "s", PAY, "bench")])
    for border in converge(team, state, budget=Budget(100_000, 1_000_000), correlation="c-1"):
        now = moment(time.time_ns() // 1000)
        texts = seal.envelopes(border.rows, seq, number, now)
        seq += len(texts)
        number = state.context.size
        out += texts
    if not isinstance(border, Finished) or not border.result.converged:
        raise RuntimeError("the workload does not converge")
    return state.context.size - 1, out
