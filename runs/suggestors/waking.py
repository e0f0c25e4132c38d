"""Which seats of a team can wake at all, and in which cycle at the earliest: told from the document alone."""

from collections.abc import Iterator

import msgspec

from runs.engine import ContextKey, Suggestor
from runs.engine.payloads import is_blank
from runs.suggestors.conditions import FactName
from runs.suggestors.document import FormationDocument
from runs.suggestors.expansion import is_constant
from runs.suggestors.rule import RuleParams
from runs.suggestors.seats import Seat


class Waking:
    """What may come to stand in the context, cycle by cycle, if everybody speaks as early as they can.

    It errs on the side of waking: a seat that it calls asleep cannot wake, whatever is answered and decided.
    """

    def __init__(self, document: FormationDocument) -> None:
        self.facts: set[FactName] = set()
        #: Keys under which facts of any id may come: those of seats whose ids do not stand in the document.
        self.open: set[ContextKey] = {ContextKey.DIAGNOSTIC}
        self.cycle_of: dict[str, int] = {}
        self.asleep: list[tuple[Seat, Suggestor]] = []
        self._begin(document)
        self._go(document)

    @property
    def depth(self) -> int:
        """The earliest cycle in which the last of them can speak; 0 without a team."""
        return max(self.cycle_of.values(), default=0)

    def has(self, key: ContextKey) -> bool:
        """Whether there may be facts under a key."""
        return key in self.open or any(key == each for each, _ in self.facts)

    def may_hold(self, fact: FactName) -> bool:
        """Whether there may be a fact of that name."""
        return fact in self.facts or fact[0] in self.open or not is_constant(fact[1])

    def lacking(self, seat: Seat, suggestor: Suggestor) -> Iterator[str]:
        """What a seat waits for and nobody brings, in words."""
        keys = [key for key in suggestor.dependencies if not self.has(key)]
        if keys and len(keys) == len(suggestor.dependencies):
            yield f"nothing ever stands under {' or '.join(keys)}, which would wake it"
        for key, id in dict.fromkeys(suggestor.waits_for):
            if not self.may_hold((key, id)):
                yield f"nobody brings {key}/{id}"
        if isinstance(seat.params, RuleParams):
            yield from self._lacking_keys(seat.params)

    def _lacking_keys(self, params: RuleParams) -> Iterator[str]:
        for condition in params.accepts:
            name, said = condition.said()
            key, least = (said, 1) if name == "has" else said if name == "count_at_least" else (None, 0)
            if least and key is not None and not self.has(key):
                yield f"there is never a fact under {key}"

    def _begin(self, document: FormationDocument) -> None:
        seeds = document.seeds()
        self.facts |= {(seed.key, seed.id) for seed in seeds if seed.text is None or not is_blank(seed.text)}
        if not seeds or document.learning:
            self.open.add(ContextKey.SEEDS)  # whoever starts a run may give others, and what was learnt comes here

    def _go(self, document: FormationDocument) -> None:
        """Let everybody speak, cycle by cycle, until nobody is added."""
        left = [(seat, seat.kind.build(seat.params, seat.name)) for seat in document.seats if seat.enabled]
        cycle = 0
        while left:
            cycle += 1
            awake = [(seat, suggestor) for seat, suggestor in left if not any(self.lacking(seat, suggestor))]
            if not awake:
                break
            names = {seat.name for seat, _ in awake}
            left = [each for each in left if each[0].name not in names]
            for seat, _ in awake:
                self.cycle_of[seat.name] = cycle
                self._speak(seat)
        self.asleep = left

    def _speak(self, seat: Seat) -> None:
        if isinstance(seat.params, RuleParams):
            for form in seat.params.proposes:
                if not is_constant(form.id):
                    self.open.add(form.key)
                elif form.text is msgspec.UNSET or not is_blank(str(form.text)):
                    self.facts.add((form.key, form.id))
        else:
            self.open |= set(seat.writes() or ContextKey)
