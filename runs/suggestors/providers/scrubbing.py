"""Taking secrets out of what others say, lest an answer that repeats them carries them into the journal."""

from collections.abc import Iterable, Iterator
from typing import Any

from runs.engine.effects import HIDDEN

#: Shorter texts are no secrets, and stand in too many other words.
SHORTEST = 6


class Scrubber:
    """Knows secrets, and replaces them wherever they stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({part for secret in secrets for part in _parts(secret)}, key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def value(self, value: Any) -> Any:
        """The JSON value without secrets, in names and texts."""
        if not self._secrets:
            return value
        if isinstance(value, dict):
            return {self.text(name): self.value(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner) for inner in value]
        return self.text(value) if isinstance(value, str) else value


def _parts(secret: str) -> Iterator[str]:
    """The whole, and its words: what follows `Bearer` is repeated alone."""
    yield from (part for part in (secret, *secret.split()) if len(part) >= SHORTEST)
