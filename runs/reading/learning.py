"""What the runs of a tenant have taught: priors by problem class, and the episodes that they come from."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from runs.models import Actor, Episode, Prior, Run

#: Episodes of a class that are told, the newest.
EPISODES = 20


@dataclass(frozen=True)
class EpisodeView:
    """What one run taught."""

    episode: Episode
    run: Run

    @property
    def story(self) -> dict[str, Any]:
        """The episode's content: outcomes, prediction error, lessons."""
        return self.episode.value

    @property
    def magnitude(self) -> float | None:
        """How far off the prediction was."""
        error = self.story.get("prediction_error")
        return None if error is None else float(error["magnitude"])

    @property
    def signals(self) -> list[dict[str, Any]]:
        """In which direction it points."""
        return self.episode.listed("signals")

    @property
    def calibrations(self) -> list[dict[str, Any]]:
        """What it did to the priors."""
        return self.episode.listed("calibrations")


@dataclass(frozen=True)
class ClassPriors:
    """What is known about problems of a class."""

    problem_class: str
    priors: list[Prior]
    episodes: list[EpisodeView] = field(default_factory=list)


def priors_of(by: Actor) -> list[ClassPriors]:
    """The priors of the actor's tenant, class by class, with the runs that they come from."""
    found = {name: list(rows) for name, rows in groupby(Prior.objects.of(by), lambda prior: prior.problem_class)}
    known = Episode.objects.of(by).order_by().values_list("problem_class", flat=True).distinct()
    return [ClassPriors(name, found.get(name, []), _episodes(by, name)) for name in sorted({*found, *known})]


def _episodes(by: Actor, name: str) -> list[EpisodeView]:
    rows = Episode.objects.of(by).filter(problem_class=name).select_related("run__tenant")[:EPISODES]
    return [EpisodeView(row, row.run) for row in rows]


def priors_told(by: Actor) -> list[dict[str, Any]]:
    """The same as plain values, for commands and API."""
    return [
        {
            "problem_class": each.problem_class,
            "priors": [_prior(prior) for prior in each.priors],
            "episodes": list(map(_told, each.episodes)),
        }
        for each in priors_of(by)
    ]


def _prior(prior: Prior) -> dict[str, Any]:
    names = ("assumption_type", "context", "prior_confidence", "posterior_confidence", "evidence_count", "changed_at")
    return {name: getattr(prior, name) for name in names}


def _told(view: EpisodeView) -> dict[str, Any]:
    told = {"run": str(view.run.uuid), "label": view.run.label, "at": view.episode.at}
    return told | {"episode": view.story, "signals": view.signals, "calibrations": view.calibrations}
