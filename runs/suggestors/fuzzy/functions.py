"""Membership functions: how much a number belongs to a fuzzy set, from 0 to 1."""

from math import exp
from typing import Annotated

import msgspec
from msgspec import Meta

Number = Annotated[float, Meta(ge=-1e300, le=1e300)]


class _Function(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """A function of one number."""


class Triangular(_Function, frozen=True, tag="triangular"):
    """Up from `min` to `peak`, down to `max`."""

    min: Annotated[Number, Meta(description="Where it begins.")]
    peak: Annotated[Number, Meta(description="Where it is 1.")]
    max: Annotated[Number, Meta(description="Where it ends.")]

    def __post_init__(self) -> None:
        _require(self.min < self.peak < self.max, "min, peak, max")

    def degree(self, value: float) -> float:
        """The lower of both slopes."""
        return _unit(min(_ramp(value, self.min, self.peak), 1 - _ramp(value, self.peak, self.max)))


class Trapezoidal(_Function, frozen=True, tag="trapezoidal"):
    """Up from `min` to `lower_peak`, level to `upper_peak`, down to `max`."""

    min: Annotated[Number, Meta(description="Where it begins.")]
    lower_peak: Annotated[Number, Meta(description="From where it is 1.")]
    upper_peak: Annotated[Number, Meta(description="Up to where it is 1.")]
    max: Annotated[Number, Meta(description="Where it ends.")]

    def __post_init__(self) -> None:
        _require(self.min < self.lower_peak <= self.upper_peak < self.max, "min, lower_peak, upper_peak, max")

    def degree(self, value: float) -> float:
        """The lower of both slopes."""
        return _unit(min(_ramp(value, self.min, self.lower_peak), 1 - _ramp(value, self.upper_peak, self.max)))


class LeftShoulder(_Function, frozen=True, tag="left_shoulder"):
    """1 up to `start`, down to 0 at `end`."""

    start: Annotated[Number, Meta(description="Up to where it is 1.")]
    end: Annotated[Number, Meta(description="From where it is 0.")]

    def __post_init__(self) -> None:
        _require(self.start < self.end, "start, end")

    def degree(self, value: float) -> float:
        """The slope."""
        return _unit(1 - _ramp(value, self.start, self.end))


class RightShoulder(_Function, frozen=True, tag="right_shoulder"):
    """0 up to `start`, up to 1 at `end`."""

    start: Annotated[Number, Meta(description="Up to where it is 0.")]
    end: Annotated[Number, Meta(description="From where it is 1.")]

    def __post_init__(self) -> None:
        _require(self.start < self.end, "start, end")

    def degree(self, value: float) -> float:
        """The slope."""
        return _unit(_ramp(value, self.start, self.end))


class Gaussian(_Function, frozen=True, tag="gaussian"):
    """A bell around `center`."""

    center: Annotated[Number, Meta(description="Where it is 1.")]
    sigma: Annotated[float, Meta(gt=0, le=1e300, description="How wide it is.")]

    def degree(self, value: float) -> float:
        """The bell's height, to twelve digits, so that it is the same on every machine."""
        away = (value - self.center) / self.sigma
        return _unit(round(exp(-0.5 * min(away * away, 1e4)), 12))


Function = Triangular | Trapezoidal | LeftShoulder | RightShoulder | Gaussian


def _require(rises: bool, names: str) -> None:
    if not rises:
        raise ValueError(f"{names} must rise")


def _ramp(value: float, start: float, end: float) -> float:
    """From 0 at `start` to 1 at `end`."""
    return _unit((value - start) / (end - start))


def _unit(degree: float) -> float:
    return min(max(degree, 0.0), 1.0)
