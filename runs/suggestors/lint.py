"""What a valid document says and yet will not do, told from the document alone."""

from collections import Counter
from collections.abc import Iterator

from runs.engine import ContextKey, Proposal
from runs.engine.governance import VOTE_FAMILY, ConsensusRule
from runs.engine.payloads import is_blank
from runs.suggestors.conditions import FactName, keys_of
from runs.suggestors.document import FormationDocument
from runs.suggestors.expansion import is_constant
from runs.suggestors.findings import Finding, Fix
from runs.suggestors.huddle.consensus import ConsensusEvaluatorParams
from runs.suggestors.human import HumanParams
from runs.suggestors.operations import Operation, Step, path_of, steps_of
from runs.suggestors.problems import item_at
from runs.suggestors.rule import RuleParams
from runs.suggestors.seats import Seat
from runs.suggestors.waking import Waking

#: Where a team usually leaves what it came to: nobody has to read on.
RESULTS = {*(ContextKey.PROPOSALS, ContextKey.EVALUATIONS, ContextKey.CONSENSUS_OUTCOMES, ContextKey.DIAGNOSTIC), ContextKey.DISAGREEMENTS}


def findings_in(document: FormationDocument) -> Iterator[Finding]:
    """Everything that is odd about the document itself, whoever runs it."""
    waking = Waking(document)
    yield from _blank_seeds(document)
    yield from _asleep(waking)
    yield from _budget(document, waking)
    yield from _clashes(document)
    yield from _gates(document)
    yield from _votes(document)
    yield from _unread(document)


def _enabled(document: FormationDocument) -> list[Seat]:
    return [seat for seat in document.seats if seat.enabled]


def _set(at: list[Step], value: object, label: str) -> Fix:
    return Fix(label, [Operation("set", at, value)])


def _blank_seeds(document: FormationDocument) -> Iterator[Finding]:
    for index, seed in enumerate(document.seeds()):
        if seed.text is not None and is_blank(seed.text):
            fix = Fix("Take the seed out", [Operation("remove", ["seeds", index])])
            yield Finding("warning", f"{item_at('seeds', index)}.text", "is blank, so the seed will be dropped.", fix)


def _asleep(waking: Waking) -> Iterator[Finding]:
    """Seats that nothing wakes; members of a ready team may have nothing to do."""
    for seat, suggestor in waking.asleep:
        entry = steps_of(seat.place)[:2]
        if seat.place == f"{path_of(entry)}.with":
            why = "; ".join(dict.fromkeys(waking.lacking(seat, suggestor)))
            fix = _set([*entry, "enabled"], False, f"Switch {seat.name} off")
            yield Finding("warning", path_of(entry), f"{seat.name} can never speak: {why}.", fix)


def _budget(document: FormationDocument, waking: Waking) -> Iterator[Finding]:
    budget, needed = document.budget, waking.depth + 1
    if waking.depth and budget.max_cycles < needed:
        last = max(waking.cycle_of, key=lambda name: waking.cycle_of[name])
        says = f"{budget.max_cycles} will not do: {last} cannot speak before cycle {waking.depth}, and a run ends in the cycle after."
        yield Finding("warning", "budget.max_cycles", says, _set(["budget", "max_cycles"], max(needed, 100), f"Allow {max(needed, 100)}"))
    seeds = len(document.seeds())
    if budget.max_facts < seeds:
        fix = _set(["budget", "max_facts"], max(10_000, 2 * seeds), f"Allow {max(10_000, 2 * seeds)}")
        yield Finding("warning", "budget.max_facts", f"{budget.max_facts} are fewer than the {seeds} seeds.", fix)


def _clashes(document: FormationDocument) -> Iterator[Finding]:
    """Two who say different things under one id: whoever comes second ends the run."""
    first: dict[FactName, tuple[str, Proposal, bool]] = {}
    for index, seed in enumerate(document.seeds()):
        first.setdefault((seed.key, seed.id), (item_at("seeds", index), seed, False))
    for seat in _enabled(document):
        if isinstance(seat.params, RuleParams):
            yield from _clashes_of(seat, seat.params, first)


def _clashes_of(seat: Seat, params: RuleParams, first: dict[FactName, tuple[str, Proposal, bool]]) -> Iterator[Finding]:
    guarded = {condition.said()[1] for condition in params.accepts if condition.said()[0] == "lacks_fact"}
    for index, form in enumerate(params.proposes):
        name, said = (form.key, form.id), form.proposal()
        where, other, other_guarded = first.setdefault(name, (seat.place, said, name in guarded))
        unlike = is_constant(form.id) and other is not said and not other.equals(said)
        if unlike and not (name in guarded and (other_guarded or where.startswith("seeds"))):
            says = f"{path_of(steps_of(where)[:2])} says something else under {form.key}/{form.id}; whoever comes second ends the run."
            yield Finding("warning", f"{item_at(f'{seat.place}.proposes', index)}.id", says)


def _gates(document: FormationDocument) -> Iterator[Finding]:
    gates, seats = document.gates, _enabled(document)
    if gates is None or any(not seat.writes() for seat in seats):
        return
    written = {key for seat in seats for key in seat.writes()}
    for index, key in enumerate(gates.keys):
        if key not in written:
            fix = Fix("Take the key out", [Operation("remove", ["gates", "keys", index])])
            yield Finding("warning", item_at("gates.keys", index), f"nobody proposes anything under {key}, so this gate never opens.", fix)
    threshold = gates.confidence_threshold
    sure = [form.confidence for seat in seats if isinstance(seat.params, RuleParams) for form in seat.params.proposes]
    if threshold is not None and sure and all(isinstance(seat.params, RuleParams) for seat in seats) and min(sure) > threshold:
        says = f"everybody is surer than {threshold} ({min(sure)} at least), so this gate never opens."
        yield Finding("warning", "gates.confidence_threshold", says)


def _votes(document: FormationDocument) -> Iterator[Finding]:
    """Seats that count more votes than can be cast."""
    voters = _voters(document)
    for seat in _enabled(document):
        params = seat.params
        if voters is None or not isinstance(params, ConsensusEvaluatorParams):
            continue
        needed = ConsensusRule(params.rule).needed(params.total_voters)
        if len(voters) < needed:
            at = [*steps_of(seat.place), "total_voters"]
            fix = _set(at, len(voters), f"Count {len(voters)} voters") if voters else None
            who = f"only {len(voters)} can vote" if voters else "nobody votes"
            yield Finding("warning", path_of(at), f"needs {needed} of {params.total_voters}, and {who}.", fix)


def _voters(document: FormationDocument) -> set[str] | None:
    """Who may vote; None where that does not stand in the document."""
    voters = {_voter(seed) for seed in document.seeds() if seed.payload.family == VOTE_FAMILY}
    for seat in _enabled(document):
        if isinstance(seat.params, RuleParams):
            votes = [form.proposal() for form in seat.params.proposes]
            voters |= {_voter(vote) for vote in votes if vote.payload.family == VOTE_FAMILY}
        elif seat.kind.kind == "llm-voter" or (isinstance(seat.params, HumanParams) and seat.params.wants == "vote"):
            voters.add(seat.name)
        elif ContextKey.VOTES in seat.writes() or not seat.writes():
            return None
    return voters


def _voter(vote: Proposal) -> str:
    return str(vote.payload.value.get("voter"))


def _unread(document: FormationDocument) -> Iterator[Finding]:
    """Keys under which somebody writes and that nobody else looks at."""
    seats = _enabled(document)
    readers = Counter(key for seat in seats for key in dict.fromkeys(seat.kind.reads(seat.params)))
    known = RESULTS | {key for one in document.criteria for key in keys_of(one.met)} | set(document.gates.keys if document.gates else ())
    for seat in seats:
        own = set(seat.kind.reads(seat.params))
        unread = [key for key in seat.writes() if key not in known and readers[key] == (key in own)]
        if unread:
            known |= set(unread)
            yield Finding("advice", path_of(steps_of(seat.place)[:2]), f"nobody reads {', '.join(unread)}, which {seat.name} writes.")
