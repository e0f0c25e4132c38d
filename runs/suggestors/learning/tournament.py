"""Scoring formations that compete on the same seeds, and what a tournament teaches.

Weights and dimensions are those of the original's `FormationTournament` (`organism-runtime` 1.9.3):
score = 0.6 · converged + 0.2 · (1 − min(cycles / 50, 1)) + 0.2 · (criteria met / total, 0.5 when there are none).
"""

from collections.abc import Sequence

import msgspec

from runs.suggestors.learning.episodes import ErrorDimension, LearningEpisode, PredictionError

CONVERGENCE, EFFICIENCY, CRITERIA = 0.6, 0.2, 0.2
_MANY_CYCLES = 50
_WITHOUT_CRITERIA = 0.5


class FormationScore(msgspec.Struct, frozen=True):
    """How a formation did, with the three parts of its score, each already weighted."""

    label: str
    converged: bool
    cycles: int
    criteria_met: int = 0
    criteria_total: int = 0

    @property
    def efficiency(self) -> float:
        """1 for no cycle, 0 for fifty and more."""
        return 1 - min(self.cycles / _MANY_CYCLES, 1)

    @property
    def parts(self) -> tuple[float, float, float]:
        """What convergence, few cycles and criteria add."""
        criteria = self.criteria_met / self.criteria_total if self.criteria_total else _WITHOUT_CRITERIA
        return CONVERGENCE * self.converged, EFFICIENCY * self.efficiency, CRITERIA * criteria

    @property
    def score(self) -> float:
        """From 0 to 1."""
        return sum(self.parts)


def ranked(scores: Sequence[FormationScore]) -> list[FormationScore]:
    """The best first; of equal ones the one that was named first."""
    return sorted(scores, key=lambda one: -one.score)


def tournament_episode(id: str, intent_id: str, plan_id: str, scores: Sequence[FormationScore]) -> LearningEpisode:
    """What a tournament teaches; `scores` are those of the entrants that came through, the winner first."""
    winner = scores[0]
    dimensions = (
        ErrorDimension("convergence_rate", 1.0, sum(one.converged for one in scores) / len(scores)),
        ErrorDimension("criteria_coverage", 1.0, winner.criteria_met / winner.criteria_total if winner.criteria_total else 1.0),
        ErrorDimension("cycle_efficiency", 1.0, winner.efficiency),
    )
    return LearningEpisode(
        id,
        intent_id,
        plan_id,
        f"{winner.label} wins",
        f"score {winner.score:.3f}, converged: {str(winner.converged).lower()}, {winner.cycles} cycles",
        "converged" if winner.converged else "did-not-converge",
        PredictionError(1 - winner.score, dimensions),
    )
