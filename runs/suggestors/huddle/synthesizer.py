"""The suggestor that sums up a round."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Fact, Payload, Proposal, Suggestor
from runs.engine.suggestor import Suggestions
from runs.suggestors.conditions import Conditions, compiled, keys_of
from runs.suggestors.forms import Id
from runs.suggestors.growing import Growing
from runs.suggestors.huddle.conventions import MOST_ROUNDS, PROVENANCE, RoundConventions, Terminal, never, round_number
from runs.suggestors.huddle.producers import CountingProducer, JoinProducer, SynthesisFailed, SynthesisProducer
from runs.suggestors.lacking import Lack
from runs.suggestors.registry import Keys, Kind, register

NAME = "organism-round-synthesizer"
Notes = dict[str, list[Fact]]
Used = tuple[tuple[ContextKey, str], ...]


class RoundSynthesizer(Suggestor):
    """Sums up each started round once `expected_notes` notes are there, one round a cycle; only those of `rounds`, if given.

    Each of the `excuses` that is there (ids under Diagnostic, of which one suffices) stands for a note, but never for the only one.

    A failed synthesis leaves the Diagnostic `runtime:error:synthesis:N` and is not tried again. It wakes on notes,
    signals, syntheses and Diagnostic; without `wake_on_signals` on Hypotheses only.
    """

    def __init__(
        self,
        expected_notes: int,
        producer: SynthesisProducer | None = None,
        *,
        terminal: Terminal | None = None,
        rounds: Collection[int] | None = None,
        excuses: Sequence[Sequence[str]] = (),
        wake_on_signals: bool = True,
        conventions: RoundConventions | None = None,
        name: str = NAME,
    ) -> None:
        self.name = name
        self._expected = expected_notes
        self._producer = producer or JoinProducer()
        self._terminal = terminal or never
        self._excuses = excuses
        self._rounds = None if rounds is None else frozenset(rounds)
        self._conventions = rules = conventions or RoundConventions()
        self.dependencies: Sequence[ContextKey] = (ContextKey.HYPOTHESES,)
        if wake_on_signals:
            self.dependencies = wakes_of(rules)
        self._notes = Growing[Notes](rules.note_key, dict, _file_note)
        self._started = Growing[dict[int, str]](rules.round_signal_key, dict, self._file_signal)

    def _file_signal(self, started: dict[int, str], fact: Fact) -> None:
        prefix = self._conventions.round_signal_prefix
        if fact.id.startswith(prefix):
            number = round_number(fact.id[len(prefix) :])
            if number is not None and (self._rounds is None or number in self._rounds):
                started.setdefault(number, fact.id)

    def accepts(self, context: Context) -> bool:
        """Tell whether a round is ready."""
        return not self._terminal(context) and self.ready(context) is not None

    def ready(self, context: Context) -> int | None:
        """The first round that can be summed up now."""
        return next((number for number in self._started.of(context) if self.is_ready(context, number)), None)

    def is_ready(self, context: Context, number: int) -> bool:
        """Whether the round has its notes, and neither a synthesis nor a failed one."""
        rules = self._conventions
        done = context.fact(rules.synthesis_key, f"{rules.synthesis_prefix}{number}")
        failed = context.fact(ContextKey.DIAGNOSTIC, _error_id(number))
        notes = self._notes.of(context).get(str(number), ())
        return done is None and failed is None and len(notes) >= self._needed(context)

    def _needed(self, context: Context) -> int:
        excused = sum(any(context.fact(ContextKey.DIAGNOSTIC, id) for id in ids) for ids in self._excuses)
        return max(self._expected - excused, 1) if excused else self._expected

    def notes_of(self, context: Context, number: int) -> Sequence[Fact]:
        """The notes of the round, in fact order."""
        return tuple(self._notes.of(context).get(str(number), ()))

    def lacks(self, context: Context) -> Iterator[Lack]:
        """Rounds that have started and are short of notes; or that none has started."""
        started = self._started.of(context)
        if not started:
            yield Lack("no round has started")
        for number in started:
            notes = len(self.notes_of(context, number))
            needed = self._needed(context)
            if notes < needed:
                yield Lack(f"round {number} has {notes} of {needed} notes")

    def suggest(self, context: Context) -> Suggestions:
        """The synthesis of the first round that is ready, or the reason why there is none."""
        number, rules = self.ready(context), self._conventions
        if number is None:
            return []
        used = self.used_for(context, number)
        try:
            payload = self._producer.synthesize(number, self.notes_of(context, number), context)
        except SynthesisFailed as error:
            return [self.failed(number, str(error), used)]
        return [Proposal(rules.synthesis_key, f"{rules.synthesis_prefix}{number}", payload, PROVENANCE, used=used)]

    def used_for(self, context: Context, number: int) -> Used:
        """What the synthesis of the round rests on: its signal and its notes."""
        rules, notes = self._conventions, self.notes_of(context, number)
        return (rules.round_signal_key, self._started.of(context)[number]), *((rules.note_key, note.id) for note in notes)

    def failed(self, number: int, message: str, used: Used) -> Proposal:
        """The Diagnostic of a round that could not be summed up."""
        return Proposal(ContextKey.DIAGNOSTIC, _error_id(number), Payload.diagnostic_of(NAME, message), PROVENANCE, used=used)


def _file_note(notes: Notes, fact: Fact) -> None:
    """A note belongs to the round whose number stands behind the last colon of its id."""
    _, colon, number = fact.id.rpartition(":")
    if colon:
        notes.setdefault(number, []).append(fact)


def _error_id(number: int) -> str:
    return f"runtime:error:synthesis:{number}"


def wakes_of(rules: RoundConventions, more: Iterable[ContextKey] = ()) -> Keys:
    """The keys that matter to a synthesis, each once."""
    return tuple(dict.fromkeys((rules.note_key, rules.round_signal_key, rules.synthesis_key, ContextKey.DIAGNOSTIC, *more)))


class RoundSynthesizerParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `round-synthesizer`."""

    expected_notes: Annotated[int, Meta(ge=0, description="Fewest notes of a round before it is summed up.")]
    producer: Annotated[Literal["counting", "join"], Meta(description="`counting`: how many notes there were; `join`: the notes.")] = "join"
    rounds: Annotated[
        list[Annotated[int, Meta(ge=0, le=MOST_ROUNDS)]] | None, Meta(description="Only these rounds; null = all of them.")
    ] = None
    excuses: Annotated[
        list[list[Id]], Meta(description="Notes that need not come: for each the ids under Diagnostic, any of which says that it will not.")
    ] = []
    terminal: Annotated[Conditions | None, Meta(description="Nothing is summed up once all of these hold.")] = None
    wake_on_signals: Annotated[bool, Meta(description="Wake on signals, syntheses and errors too, not on Hypotheses alone.")] = True
    conventions: Annotated[RoundConventions, Meta(description="Keys and prefixes of the rounds.")] = RoundConventions()


def _build(params: RoundSynthesizerParams, name: str) -> RoundSynthesizer:
    return RoundSynthesizer(
        params.expected_notes,
        CountingProducer() if params.producer == "counting" else JoinProducer(),
        terminal=None if params.terminal is None else compiled(params.terminal),
        rounds=params.rounds,
        excuses=params.excuses,
        wake_on_signals=params.wake_on_signals,
        conventions=params.conventions,
        name=name,
    )


register(
    Kind(
        kind="round-synthesizer",
        summary="Sums up a round once its notes are there.",
        params=RoundSynthesizerParams,
        build=_build,
        reads=lambda params: wakes_of(params.conventions, keys_of(params.terminal or ())),
        writes=lambda params: (params.conventions.synthesis_key, ContextKey.DIAGNOSTIC),
    )
)
