"""Rebuilding the projections of a run from its journal alone, which also proves that they were right."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from runs.engine.facts import Fact
from runs.engine.wire import Row, decode
from runs.journal.project import KEYED, PROJECTIONS, Projection
from runs.models import RUN, Envelope, Run

#: What the journal says of the run itself; the status too, once it is final.
TOLD = (
    "cycle", "cycles", "fact_count", "digest", "merkle_root", "clock_time", "engine_us", "tokens", "cost_microdollars",
    "stop_reason", "message", "started_at", "finished_at", "criteria",
)  # fmt: skip
STRETCH = 5_000


def rebuild(run: Run) -> list[str]:
    """Project the journal anew; return in words what was different before, nothing if all was equal.

    Where nothing differs the tables are left as they are, keys included.
    """
    with transaction.atomic():
        stored = Run.objects.select_for_update().get(pk=run.pk)
        before = _snapshot(stored)
        for model in PROJECTIONS:
            model.objects.filter(run=stored).delete()
        columns = _project(stored)
        differences = list(_differences(before, _snapshot(stored))) + _wrong_columns(stored, columns)
        if differences:
            Run.objects.filter(pk=stored.pk).update(**{name: columns[name] for name in TOLD if name in columns})
        else:
            transaction.set_rollback(True)
    return differences


def envelopes_of(run: Run) -> Iterator[tuple[int, dict[str, Any]]]:
    """The run's journal, decoded, place by place."""
    rows = Envelope.objects.after(run, 0).values_list("seq", "body")
    for seq, body in rows.iterator(chunk_size=1_000):
        yield seq, decode(body)


def row_of(envelope: Mapping[str, Any]) -> Row:
    """The row that an envelope was sealed from, as the live path sees it; the body is left out."""
    if envelope["family"] == "effect":
        data = {name: envelope[name] for name in ("phase", "identity", "ordinal", "effect", "result", "sealed") if name in envelope}
    else:
        data = envelope["event"]["data"]
        if "proposal" in envelope:
            data = data | {"proposal": envelope["proposal"]}
    return Row(
        envelope["family"],
        envelope["kind"],
        envelope["cycle"],
        envelope["suggestor"],
        "",
        envelope.get("attempt", 1),
        data,
        Fact.from_json(envelope["fact"]) if "fact" in envelope else None,
        envelope.get("duration_us"),
        envelope.get("latency_ms"),
    )


def _project(run: Run) -> dict[str, Any]:
    """Write all projections; return what the journal says of the run itself."""
    projection = Projection(_untold(run))
    taken = 0
    for seq, envelope in envelopes_of(run):
        row = row_of(envelope)
        projection.take(seq, datetime.fromisoformat(envelope["occurred_at"]), row)
        taken += 1
        if taken >= STRETCH and row.kind == "CycleEnded":
            projection.write()
            projection.forget()
            taken = 0
    projection.write()
    return projection.columns


def _untold(run: Run) -> Run:
    """The run as it was before its journal told anything."""
    fields = ("uuid", "tenant", "version", "label", "correlation_id", "started_by")
    return Run(pk=run.pk, **{name: getattr(run, name) for name in fields})


def _snapshot(run: Run) -> dict[Any, list[dict[str, Any]]]:
    return {model: _rows(model, run) for model in PROJECTIONS}


def _rows(model: Any, run: Run) -> list[dict[str, Any]]:
    columns = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", "run_id")]
    order = KEYED.get(model, ("seq",))
    return list(model.objects.filter(run=run).order_by(*order).values(*columns))


def _differences(before: Mapping[Any, list[Any]], after: Mapping[Any, list[Any]]) -> Iterator[str]:
    for model, rows in after.items():
        if rows != before[model]:
            name = model._meta.verbose_name_plural
            wrong = sum(row not in rows for row in before[model]) + sum(row not in before[model] for row in rows)
            yield f"{name}: {len(before[model])} rows, {len(rows)} after rebuilding, {wrong} of them different"


def _wrong_columns(run: Run, columns: Mapping[str, Any]) -> list[str]:
    told = [*TOLD, "status"] if run.status in RUN.final else TOLD
    wrong = [name for name in told if name in columns and columns[name] != getattr(run, name)]
    return [f"run: {name} is {getattr(run, name)!r}, the journal says {columns[name]!r}" for name in wrong]
