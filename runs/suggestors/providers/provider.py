"""What a provider is, what it is asked, and how it fails."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from runs.engine.effects import Effect, EffectRequest, EffectResult
from runs.suggestors.forms import NotBlank

#: Seconds that one attempt, and all attempts at an effect together, may be allowed.
LONGEST = 3_600.0
MOST_ATTEMPTS = 20


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a provider is dealt with; the settings that all kinds have."""

    #: Fields whose values are secret, for the kinds that have some.
    SECRET: ClassVar[tuple[str, ...]] = ()

    timeout_seconds: Annotated[float, Meta(gt=0, le=LONGEST, description="How long one attempt may take.")] = 60.0
    deadline_seconds: Annotated[
        float, Meta(gt=0, le=LONGEST, description="How long all attempts may take, waiting between them included.")
    ] = 300.0
    max_attempts: Annotated[int, Meta(ge=1, le=MOST_ATTEMPTS, description="How often it is tried.")] = 4
    hidden: Annotated[
        list[NotBlank], Meta(description="Names of fields, at any depth of inputs and outputs, whose values are encrypted in the journal.")
    ] = []


def to_the_end(seconds: float) -> bool:
    """The pause of a call that nobody breaks off."""
    return threading.Event().wait(seconds)


class Call(msgspec.Struct, frozen=True):
    """One attempt at an effect.

    `key` is the same for every attempt at the same effect of the same run and differs otherwise; `seconds` is the
    time-out; `pause` waits and tells whether the call was broken off meanwhile.
    """

    request: EffectRequest
    key: str = ""
    attempt: int = 1
    seconds: float = 60.0
    pause: Callable[[float], bool] = to_the_end

    @property
    def effect(self) -> Effect:
        """What is to be done."""
        return self.request.effect


class Provider(ABC):
    """Answers effects. It is called in threads, several at a time; it writes nothing here.

    It raises `ProviderError` for what went wrong; anything else that it raises ends the effect at once. `idempotent`:
    whether an effect may be asked for again when nobody knows if it was done. `secrets` are scrubbed from what it says.
    """

    idempotent: bool = True
    terms: Terms = Terms()
    secrets: tuple[str, ...] = ()

    @abstractmethod
    def answer(self, call: Call) -> EffectResult:
        """Do it."""


class ErrorKind(StrEnum):
    """Why a provider did not answer."""

    RATE_LIMIT = "rate_limit"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    TIMEOUT = "timeout"
    DENIED = "denied"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"


class ProviderError(Exception):
    """An attempt failed. `retry_after` is what the provider asks us to wait; `may_be_done`: whether it may have done it all the same."""

    def __init__(self, kind: ErrorKind, message: str, *, retry_after: float | None = None, may_be_done: bool = False) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.retry_after, self.may_be_done = kind, retry_after, may_be_done
