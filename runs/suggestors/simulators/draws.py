"""Drawing at random, the same in every run: from a seed, the plan's id and the dimension, with NumPy's PCG64.

Only raw uniform numbers are taken from NumPy, and nothing is summed in an order that depends on the machine, so that a
verification draws and computes the very same.
"""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from math import floor
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.suggestors.plan import LONGEST
from runs.suggestors.simulators.results import Dimension

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Numbers = NDArray[numpy.float64]

MOST_RUNS = 1_000_000
RUNS = 1000
QUANTILES = (5, 25, 50, 75, 95)
_BINS = 10
NO_NUMPY = "method 'monte_carlo' needs NumPy: pip install 'organism-web[simulate]'"

Method = Literal["deterministic", "monte_carlo"]
Drawn = dict[str, Any]
NOTHING_DRAWN: Drawn = {}


class Draws:
    """So many draws at a time, from a seed."""

    def __init__(self, seed: int, runs: int) -> None:
        try:
            import numpy
        except ImportError as error:
            raise NeedsNumPy(NO_NUMPY) from error
        self._numpy, self._runs = numpy, runs
        self._generator = numpy.random.Generator(numpy.random.PCG64(seed))

    def constant(self, value: float) -> "Numbers":
        """The same number in every draw."""
        return self._numpy.full(self._runs, value, dtype=self._numpy.float64)

    def happening(self, chances: Sequence[float]) -> "Numbers":
        """How many things happen, each with its own chance."""
        counts = self.constant(0.0)
        for chance in chances:
            counts = counts + (self._generator.random(self._runs) < chance)
        return counts

    def around_one(self, spread: float) -> "Numbers":
        """Factors of a triangular distribution from 1 − `spread` to 1 + `spread`; none is below 0."""
        numpy, uniform = self._numpy, self._generator.random(self._runs)
        below, above = numpy.sqrt(2 * uniform) - 1, 1 - numpy.sqrt(2 * (1 - uniform))
        factors: Numbers = numpy.maximum(1 + spread * numpy.where(uniform < 0.5, below, above), 0.0)
        return factors


class DrawingParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a simulator comes to its numbers."""

    method: Annotated[Method, Meta(description="`deterministic`: one computation; `monte_carlo`: draws, which needs NumPy.")] = (
        "deterministic"
    )
    runs: Annotated[int, Meta(ge=1, le=MOST_RUNS, description="How many draws.")] = RUNS
    seed: Annotated[int, Meta(ge=0, le=LONGEST, description="Another seed draws other numbers.")] = 0

    def draws(self, dimension: Dimension, strategy: str) -> Draws:
        """The draws for one plan."""
        named = hashlib.sha256(f"{self.seed}:{dimension}:{strategy}".encode()).digest()
        return Draws(int.from_bytes(named), self.runs)


def numpy_missing(params: DrawingParams) -> str | None:
    """What must be installed before these parameters can draw."""
    return NO_NUMPY if params.method == "monte_carlo" and not find_spec("numpy") else None


def distribution(values: "Numbers") -> Drawn:
    """Quantiles by rank, and a histogram of equal bins."""
    ordered = sorted(values.tolist())
    low, high = ordered[0], ordered[-1]
    counts = [0] * _BINS
    for value in ordered:
        counts[min(floor((value - low) / (high - low) * _BINS), _BINS - 1) if high > low else 0] += 1
    drawn = {
        "runs": len(ordered),
        "quantiles": {f"p{percent}": ordered[percent * (len(ordered) - 1) // 100] for percent in QUANTILES},
        "histogram": {"from": low, "to": high, "counts": counts},
    }
    return {"monte_carlo": drawn}


class NeedsNumPy(RuntimeError):
    """NumPy is not installed."""
