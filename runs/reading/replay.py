"""A run shown step by step, from its projections; nothing is executed."""

from dataclasses import dataclass

from django.db.models import Count

from runs.engine import Context, ContextKey, Payload
from runs.engine import Fact as Promoted
from runs.models import Cycle, Effect, Fact, Gate, Rejection, Run
from runs.reading.cycles import border_of

#: What one step shows of each sort.
MOST = 40
KEYS = tuple(str(key) for key in ContextKey)


@dataclass(frozen=True)
class Step:
    """A run when a cycle was merged: what stood in the context, and what the cycle had added and refused."""

    cycle: int
    first: int
    last: int
    row: Cycle | None
    keys: list[tuple[str, int]]
    added: list[Fact]
    added_count: int
    rejected: list[Rejection]
    spoke: list[tuple[str, int | None, str | None]]
    effects: list[Effect]
    gates: list[Gate]
    rejected_count: int = 0

    @property
    def facts(self) -> int:
        """How many facts there were."""
        return sum(count for _, count in self.keys)

    @property
    def before(self) -> int | None:
        """The cycle before, if there was one."""
        return self.cycle - 1 if self.cycle > self.first else None

    @property
    def after(self) -> int | None:
        """The cycle after, if there was one."""
        return self.cycle + 1 if self.cycle < self.last else None

    @property
    def more(self) -> int:
        """What was added or refused and is not shown."""
        return self.added_count - len(self.added) + self.rejected_count - len(self.rejected)


def step_of(run: Run, cycle: int | None = None) -> Step | None:
    """The step at a cycle, or the nearest there is (the last one without); None before anything happened."""
    numbers = run.cycle_rows.order_by("number")
    first, last = numbers.first(), numbers.last()
    if first is None or last is None:
        return None
    number = min(max(last.number if cycle is None else cycle, first.number), last.number)
    since, until = border_of(run, number - 1), border_of(run, number)
    added = run.facts.filter(key__in=KEYS, seq__gt=since, seq__lte=until)
    counted = dict(run.facts.filter(key__in=KEYS, seq__lte=until).values_list("key").annotate(Count("id")).order_by())
    rejected = run.rejections.filter(seq__gt=since, seq__lte=until)
    return Step(
        number,
        first.number,
        last.number,
        run.cycle_rows.filter(number=number).first(),
        [(key, counted[key]) for key in KEYS if key in counted],
        list(added.order_by("seq")[:MOST]),
        added.count(),
        list(rejected.order_by("seq")[:MOST]),
        list(run.activity.filter(cycle=number).order_by("suggestor").values_list("suggestor", "proposed", "error")[:MOST]),
        list(run.effects.filter(cycle=number).order_by("requested_seq")[:MOST]),
        list(run.gates.filter(cycle=number).order_by("seq")[:MOST]),
        rejected.count(),
    )


def context_of(run: Run) -> Context:
    """The context as it stands, as suggestors see it."""
    context = Context()
    columns = ("key", "fact_id", "family", "version", "payload", "provenance", "confidence", "cycle", "promoted_by", "stamp", "subject")
    for key, id, family, version, json, *rest in run.facts.order_by("seq").values_list(*columns).iterator(chunk_size=2_000):
        context.add(Promoted(ContextKey(key), id, Payload(family, version, json), *rest))
    return context
