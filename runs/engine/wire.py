"""The one place that knows JSON: canonical text, and the members of every journal row.

Canonical JSON is compact, keeps the order of keys, leaves non-ASCII unescaped and writes floats as Python's `repr`
does (`1.0`, `1e+16`, `1e-07`). NaN, infinities, integers beyond 64 bits, lone surrogates, keys that are not text and
what is nested deeper than `MOST_NESTED` levels have no canonical text.

A row's `body` is the run of JSON members from `"family"` on, without outer braces; whatever differs between two
attempts at the same work (times, durations, attempts, ids) stands outside of it, so that a digest may simply take it.
"""

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from runs.engine.facts import Fact, Proposal

__all__ = ["NotCanonical", "Row", "canonical", "check_unicode", "decode", "quote", "storable"]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
MOST_NESTED = 128
_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)


def canonical(value: Any) -> str:
    """Return the canonical JSON text of `value`; raises `NotCanonical` where there is none."""
    try:
        text = _encode(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    check_unicode(text)
    _refuse_what_readers_cannot_take([value])
    return text


def _refuse_what_readers_cannot_take(level: list[Any]) -> None:
    """Walk level by level, after the encoder has seen that nothing contains itself."""
    for _ in range(MOST_NESTED + 1):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                _refuse_keys(item)
                below.extend(item.values())
            elif isinstance(item, (list, tuple)):
                below.extend(item)
            elif isinstance(item, int) and not _SMALLEST <= item <= _LARGEST:
                raise NotCanonical(f"integer {item} does not fit in 64 bits")
        if not below:
            return
        level = below
    raise NotCanonical(f"nested deeper than {MOST_NESTED} levels")


def _refuse_keys(item: dict[Any, Any]) -> None:
    for key in item:
        if not isinstance(key, str):
            raise NotCanonical(f"a key must be text, not {type(key).__name__}")


def decode(text: str | bytes) -> Any:
    """Read JSON strictly: raises `msgspec.DecodeError` for NaN, lone surrogates, bad UTF-8 and anything malformed."""
    try:
        return msgspec.json.decode(text)
    except (UnicodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


def check_unicode(text: str) -> None:
    """Raise `NotCanonical` if `text` holds a lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"lone surrogate U+{ord(text[error.start]):04X}") from error


def storable(text: str) -> str:
    """Return `text` with what UTF-8 cannot hold replaced, so that even a refused text can be written down."""
    return text.encode("utf-8", "replace").decode()


HOT_FIELDS = {
    "CycleStarted": ("eligible",),
    "SuggestorFinished": ("proposals",),
    "CycleEnded": ("facts_added", "rejected", "facts", "dirty", "digest", "clock"),
}


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of the journal before it has its place there: no seq, no event number, no time.

    `fact` (for FactPromoted) and `data` (the event's data, where a projection needs it) spare readers on the live path
    from parsing `body`. A row has a duration (the engine's own) or a latency (an effect's), never both.
    """

    family: str
    kind: str
    cycle: int
    suggestor: str | None
    body: str
    attempt: int = 1
    told: dict[str, Any] | tuple[Any, ...] | None = None
    fact: "Fact | None" = None
    duration_us: int | None = None
    latency_ms: int | None = None

    @property
    def data(self) -> dict[str, Any] | None:
        """The event's data; hot rows keep a tuple until somebody asks."""
        told = self.told
        return dict(zip(HOT_FIELDS[self.kind], told, strict=True)) if isinstance(told, tuple) else told

    @property
    def hot(self) -> tuple[Any, ...]:
        """The values of a hot row, in the order of `HOT_FIELDS`; None for what it does not tell."""
        told = self.told
        return told if isinstance(told, tuple) else tuple((told or {}).get(name) for name in HOT_FIELDS[self.kind])


def fact_promoted(fact: "Fact", suggestor: str | None, reason: str) -> str:
    """Body of FactPromoted; `suggestor` is None for seeds and for notes that stand in nobody's place."""
    fact_id, content, cycle, span = quote(fact.id), fact.payload, str(fact.cycle), fact.span
    name = "null" if suggestor is None else quote(suggestor)
    subject = "" if fact.subject is None else _subject(fact.subject)
    human, last = ("false", "}") if fact.approver is None and not fact.used else _last(fact)
    confidence = "1.0" if fact.confidence == 1.0 else repr(fact.confidence)
    return (
        f'"family":"experience","kind":"FactPromoted","cycle":{cycle},"suggestor":{name},'
        f'"event":{{"type":"FactPromoted","data":{{"proposal_id":{fact_id},"fact_id":{fact_id},'
        f'"promoted_by":"{span}","reason":"{reason}","requires_human":{human}}}}},'
        f'"fact":{{"key":"{fact.key._value_}","id":{fact_id},{subject}"payload":{{"family":{quote(content.family)},"version":{content.version},'
        f'"payload":{content.json}}},"provenance":{quote(fact.provenance)},"confidence":{confidence},"cycle":{cycle},'
        f'"span":"{span}","stamp":"lamport:{fact.stamp}"{last}'
    )


def _last(fact: "Fact") -> tuple[str, str]:
    """Whether a human was needed, and how the JSON of a fact ends: with who approved it, and with the facts it rests on."""
    if fact.approver is None:
        return "false", f"{_used(fact.used)}}}"
    return "true", f',"approver":{quote(fact.approver)}{_used(fact.used)}}}'


def _subject(subject: str | None) -> str:
    return "" if subject is None else f'"subject":{quote(subject)},'


def _used(names: Sequence[tuple[str, str]]) -> str:
    """The facts that a proposal or fact rests on, as pairs of key and id."""
    if not names:
        return ""
    pairs = ",".join(f'["{key}",{quote(id)}]' for key, id in names)
    return f',"used":[{pairs}]'


def payload(carrier: "Fact | Proposal") -> str:
    """JSON of a payload with its family and version."""
    inner = carrier.payload
    return f'{{"family":{quote(inner.family)},"version":{inner.version},"payload":{inner.json}}}'


def proposal(item: "Proposal") -> str:
    """JSON of a proposal, in the field order of the original's WireProposedFact."""
    return storable(
        f'{{"key":"{item.key}","id":{quote(item.id)},{_subject(item.subject)}"payload":{payload(item)},'
        f'"confidence":{item.confidence!r},"provenance":{quote(item.provenance)}{_used(item.used)}}}'
    )


def cycle_started(cycle: int, eligible: int) -> str:
    """Body of CycleStarted."""
    return (
        f'"family":"progress","kind":"CycleStarted","cycle":{cycle},"suggestor":null,'
        f'"event":{{"type":"CycleStarted","data":{{"eligible":{eligible}}}}}'
    )


def suggestor_finished(cycle: int, name: str, proposals: int) -> str:
    """Body of SuggestorFinished for one that did not fail; `name` is JSON."""
    return (
        f'"family":"progress","kind":"SuggestorFinished","cycle":{cycle},"suggestor":{name},'
        f'"event":{{"type":"SuggestorFinished","data":{{"proposals":{proposals}}}}}'
    )


def cycle_ended(cycle: int, told: tuple[int, int, int, Sequence[str], str, int]) -> str:
    """Body of CycleEnded: facts added, proposals rejected, facts in all, dirty keys, digest, Lamport time."""
    added, rejected, facts, dirty, digest, clock = told
    keys = '["' + '","'.join(dirty) + '"]' if dirty else "[]"
    return (
        f'"family":"progress","kind":"CycleEnded","cycle":{cycle},"suggestor":null,"event":{{"type":"CycleEnded",'
        f'"data":{{"facts_added":{added},"rejected":{rejected},"facts":{facts},'
        f'"dirty":{keys},"digest":"{digest}","clock":{clock}}}}}'
    )


def event(family: str, kind: str, cycle: int, suggestor: str | None, data: Mapping[str, Any], beside: str = "") -> str:
    """Body of any row that is an event; `beside` = further members, each with a leading comma."""
    return storable(
        f'"family":"{family}","kind":"{kind}","cycle":{cycle},"suggestor":{_encode(suggestor)},'
        f'"event":{{"type":"{kind}","data":{_encode(data)}}}{beside}'
    )


def effect(
    cycle: int,
    suggestor: str,
    phase: str,
    effect: Mapping[str, Any],
    identity: str,
    ordinal: int,
    result: Mapping[str, Any] | None,
    sealed: str | None = None,
) -> str:
    """Body of a row of family `effect`: phase requested, resolved, denied or in_doubt; `effect` has one key, its kind."""
    (kind,) = effect
    back = "" if result is None else f',"result":{_encode(result)}'
    back += "" if sealed is None else f',"sealed":{quote(sealed)}'
    return storable(
        f'"family":"effect","kind":"{kind}","cycle":{cycle},"suggestor":{quote(suggestor)},"phase":"{phase}",'
        f'"effect":{_encode(effect)},"identity":"{identity}","ordinal":{ordinal}{back}'
    )


class NotCanonical(ValueError):
    """The value has no canonical JSON text; the message says why."""
