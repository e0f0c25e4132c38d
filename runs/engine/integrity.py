"""Hashes that prove a context: fact hashes, Merkle root, inclusion proofs, the Lamport clock, the digest chain."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Self

import msgspec

from runs.engine.facts import Fact

GENESIS = "0" * 64
#: To copy a hash that took nothing yet costs half of what it costs to look the algorithm up again.
_fresh = sha256().copy
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


class LamportClock(msgspec.Struct):
    """Logical time: ticks once for every fact that is really added."""

    time: int = 0

    def tick(self) -> int:
        """Advance by one and return the new time."""
        self.time += 1
        return self.time

    def update(self, received: int) -> int:
        """Advance past a time that came from elsewhere and return the new time."""
        self.time = max(self.time, received) + 1
        return self.time


class ContentHash(msgspec.Struct, frozen=True):
    """A SHA-256 digest of 32 bytes."""

    digest: bytes

    @classmethod
    def compute(cls, text: str) -> Self:
        """Hash the UTF-8 bytes of `text`."""
        return cls(sha256(text.encode()).digest())

    @classmethod
    def combine(cls, left: Self, right: Self) -> Self:
        """Hash two digests joined."""
        return cls(sha256(left.digest + right.digest).digest())

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """Read 64 hex digits in either case; raises ValueError."""
        if len(text) != 64:
            raise ValueError("invalid string length (expected 64 hex chars)")
        if not _HEX_DIGITS.issuperset(text):
            raise ValueError("invalid hexadecimal character")
        return cls(bytes.fromhex(text))

    def verify(self, text: str) -> bool:
        """Tell whether `text` has this hash."""
        return self == self.compute(text)

    def to_hex(self) -> str:
        """64 lower-case hex digits."""
        return self.digest.hex()

    def __str__(self) -> str:
        return self.to_hex()[:16]


class IntegrityProof(msgspec.Struct, frozen=True):
    """What stands for a whole context: Merkle root (hex), Lamport time, number of facts."""

    merkle_root: str
    clock_time: int
    fact_count: int


def fact_hash(fact: Fact) -> bytes:
    """SHA-256 of `KEY|ID|PAYLOAD` in UTF-8; family, subject, record and times are left out."""
    return fact_hashes(fact.key, [fact])[0]


def fact_hashes(key: str, facts: Iterable[Fact]) -> list[bytes]:
    """The hashes of facts under one key."""
    prefix = f"{key}|"
    return [_digest(f"{prefix}{fact.id}|{fact.payload.json}".encode()) for fact in facts]


def _digest(data: bytes) -> bytes:
    hash = _fresh()
    hash.update(data)
    return hash.digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes: pairs level by level, an odd last one with itself; of nothing, the hash of nothing."""
    level = list(leaves)
    if not level:
        return sha256(b"").digest()
    while True:
        if len(level) % 2:
            level.append(level[-1])
        level = [_digest(left + right) for left, right in zip(level[::2], level[1::2], strict=True)]
        if len(level) == 1:
            return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The siblings on the way from leaf `index` to the root, each with its side (`left` or `right`)."""
    level, path = list(leaves), []
    if not 0 <= index < len(level):
        raise IndexError(f"no leaf {index} among {len(level)}")
    while True:
        if len(level) % 2:
            level.append(level[-1])
        path.append(("left", level[index - 1]) if index % 2 else ("right", level[index + 1]))
        level = [sha256(level[i] + level[i + 1]).digest() for i in range(0, len(level), 2)]
        index //= 2
        if len(level) == 1:
            return path


def proves(leaf: bytes, path: Iterable[tuple[str, bytes]], root: bytes) -> bool:
    """Tell whether `path` leads from `leaf` to `root`."""
    for side, sibling in path:
        leaf = sha256(sibling + leaf if side == "left" else leaf + sibling).digest()
    return leaf == root


def chain_digest(previous: str, cycle: int, lines: Iterable[str]) -> str:
    """Digest of a cycle: the previous one, the cycle, effect results in (suggestor, ordinal) order, merge rows."""
    hash = _fresh()
    hash.update("\n".join((previous, str(cycle), *lines)).encode())
    return hash.hexdigest()
