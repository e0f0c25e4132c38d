"""Which payload families the engine can read and check; families nobody registered stay opaque JSON."""

from collections.abc import Callable
from typing import Any, Self

import msgspec

from runs.engine.facts import DIAGNOSTIC_FAMILY, TEXT_FAMILY, Payload
from runs.engine.governance import (
    DISAGREEMENT_FAMILY,
    OUTCOME_FAMILY,
    VOTE_FAMILY,
    ConsensusOutcome,
    Disagreement,
    GovernanceError,
    Vote,
)

IDENTITY_FAMILY = "converge.execution_identity.evidence"

# Unicode White_Space; str.strip() alone would also take U+001C to U+001F, which are content.
WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" + (
    "\u2028\u2029\u202f\u205f\u3000"
)


def is_blank(text: str) -> bool:
    """Tell whether nothing is left after trimming Unicode white space."""
    return not text.strip(WHITE_SPACE)


class TextPayload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Family `converge.text`."""

    text: str


class DiagnosticPayload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Family `converge.diagnostic`."""

    source: str
    message: str


class Producer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who made an execution."""

    name: str
    version: str


class NativeIdentity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a native backend came from."""

    backend: str
    version: str
    source_url: str
    expected_commit: str
    actual_commit: str
    source_mode: str


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What executed."""

    producer: Producer
    backend: str
    backend_version: str
    build_identity: str
    runtime_config: str
    native_identity: NativeIdentity | None = None


class ExecutionIdentityEvidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Family `converge.execution_identity.evidence`: which build produced a fact. No string in it may be blank."""

    subject_key: str
    subject_id: str
    subject_family: str
    subject_version: int
    identity: Identity

    def check(self) -> None:
        """Raises ValueError `<field> must not be empty` for the first blank field."""
        fields = {"subject_id": self.subject_id}
        fields |= _texts(self.identity.producer, "producer.") | _texts(self.identity)
        if self.identity.native_identity is not None:
            fields |= _texts(self.identity.native_identity, "native_identity.")
        for name, text in fields.items():
            if is_blank(text):
                raise ValueError(f"{name} must not be empty")


def _texts(struct: msgspec.Struct, prefix: str = "") -> dict[str, str]:
    return {prefix + name: text for name, text in msgspec.structs.asdict(struct).items() if isinstance(text, str)}


class PayloadRegistry:
    """Readers by (family, version). A reader returns the decoded payload or raises; registering again overwrites."""

    def __init__(self) -> None:
        self._readers: dict[tuple[str, int], Callable[[str], Any]] = {}

    @classmethod
    def standard(cls) -> Self:
        """The six families of the original."""
        registry = cls()
        registry.register(TEXT_FAMILY, 1, TextPayload)
        registry.register(DIAGNOSTIC_FAMILY, 1, DiagnosticPayload)
        registry.register(IDENTITY_FAMILY, 1, ExecutionIdentityEvidence)
        registry.register(VOTE_FAMILY, 1, Vote)
        registry.register(DISAGREEMENT_FAMILY, 1, Disagreement)
        registry.register(OUTCOME_FAMILY, 1, ConsensusOutcome)
        return registry

    def register(self, family: str, version: int, type: Any, check: Callable[[Any], None] | None = None) -> None:
        """Read the family as `type`; `check` (default: the type's own method `check`) raises ValueError to refuse."""
        read = msgspec.json.Decoder(type).decode
        check = check or getattr(type, "check", None)

        def checked(text: str) -> Any:
            value = read(text)
            if check is not None:
                check(value)
            return value

        self._readers[family, version] = checked if check else read

    def read(self, payload: Payload) -> Any:
        """Return the typed payload; raises `PayloadError`, also for a family that nobody registered."""
        if (payload.family, payload.version) not in self._readers:
            raise PayloadError(f"unknown payload family/version: {_name(payload)}")
        return self.check(payload)

    def check(self, payload: Payload) -> Any:
        """Return the typed payload, or None for an opaque family; raises `PayloadError`."""
        reader = self._readers.get((payload.family, payload.version))
        if reader is None:
            return None
        try:
            return reader(payload.json)
        except (msgspec.MsgspecError, GovernanceError) as error:
            raise PayloadError(f"failed to deserialize payload {_name(payload)}: {error}") from error
        except ValueError as error:
            raise PayloadError(f"invalid payload for {_name(payload)}: {error}") from error


def _name(payload: Payload) -> str:
    return f"{payload.family} v{payload.version}"


class PayloadError(ValueError):
    """A payload that its family refuses; the message carries the original's text."""
