"""What a finished run teaches: an episode, signals, calibrated priors. Learning informs planning; it grants no authority."""

from runs.suggestors.learning.calibration import calibrated
from runs.suggestors.learning.episodes import ErrorDimension, LearningEpisode, Lesson, PredictionError, episode_of
from runs.suggestors.learning.signals import LearningSignal, SignalKind, signals_of
from runs.suggestors.learning.story import LEARNT_FROM, Story, has_infra_failure

__all__ = [
    "LEARNT_FROM",
    "ErrorDimension",
    "LearningEpisode",
    "LearningSignal",
    "Lesson",
    "PredictionError",
    "SignalKind",
    "Story",
    "calibrated",
    "episode_of",
    "has_infra_failure",
    "signals_of",
]
