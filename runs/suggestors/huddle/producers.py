"""What makes a synthesis from the notes of a round."""

from collections.abc import Sequence
from typing import Protocol

from runs.engine import Context, Fact, Payload
from runs.engine.payloads import is_blank


class SynthesisProducer(Protocol):
    """Makes the synthesis of a round from its notes, which come in fact order."""

    def synthesize(self, number: int, notes: Sequence[Fact], context: Context, /) -> Payload:
        """Return the payload of the synthesis, or raise `SynthesisFailed`."""


class CountingProducer:
    """`round N from K notes`."""

    def synthesize(self, number: int, notes: Sequence[Fact], context: Context) -> Payload:
        """Count the notes."""
        return Payload.text_of(f"round {number} from {len(notes)} notes")


class JoinProducer:
    """The notes themselves, one after the other with a line break between."""

    def synthesize(self, number: int, notes: Sequence[Fact], context: Context) -> Payload:
        """Join the texts; a note of another family stands as its JSON. A blank text fails, as it could not be a fact."""
        text = "\n".join(note.payload.summary for note in notes)
        if is_blank(text):
            raise SynthesisFailed(f"round {number} has no text to join")
        return Payload.text_of(text)


class SynthesisFailed(Exception):
    """The notes of a round could not be made into a synthesis; the message becomes the Diagnostic."""
