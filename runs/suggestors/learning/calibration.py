"""Calibrating priors by what came of a run.

The formula is that of the original's `calibrate_priors`: each dimension of the prediction error moves the prior of its
name by w = 1 / (evidence + 2), from 0.5 without evidence: posterior = prior · (1 − w) + actual · w, held within 0 and 1.
"""

from collections.abc import Iterable, Sequence

from runs.suggestors.learning.episodes import ErrorDimension, LearningEpisode
from runs.suggestors.priors import PriorCalibration

_WITHOUT_EVIDENCE = 0.5


def calibrated(episode: LearningEpisode, known: Iterable[PriorCalibration] = ()) -> list[PriorCalibration]:
    """One calibration for each dimension, from the priors that are known; of several of one name the first counts."""
    by_name: dict[str, PriorCalibration] = {}
    for prior in known:
        by_name.setdefault(prior.assumption_type, prior)
    context = episode.lessons[0].context if episode.lessons else ""
    return [_calibrated(dimension, by_name.get(dimension.name), context) for dimension in _dimensions(episode)]


def _dimensions(episode: LearningEpisode) -> Sequence[ErrorDimension]:
    return episode.prediction_error.dimensions if episode.prediction_error else ()


def _calibrated(dimension: ErrorDimension, known: PriorCalibration | None, context: str) -> PriorCalibration:
    before, evidence = (known.posterior_confidence, known.evidence_count) if known else (_WITHOUT_EVIDENCE, 0)
    weight = 1 / (evidence + 2)
    after = before * (1 - weight) + dimension.actual * weight
    return PriorCalibration(dimension.name, context, before, min(max(after, 0.0), 1.0), evidence + 1)
