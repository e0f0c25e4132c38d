"""Sealing: every row becomes one well-formed envelope; observers number what they hear."""

import json

import msgspec
import pytest
from hypothesis import given, settings

from runs.engine import FormationExperienceObserver, Seal
from runs.engine.effects import EffectRequest, EffectResult, LLMCall, effect_row
from runs.engine.envelope import moment
from runs.engine.events import ExperienceEvent, ExperienceEventKind
from runs.engine.wire import canonical, decode
from tests.engine.formations import House
from tests.engine.teams import HYPOTHESES, SEEDS, Once, drive, envelopes, text
from tests.engine.test_replay import plans

AT = "2026-11-22T01:02:03.000004Z"


def rows():
    return drive([Once(text(HYPOTHESES, "h"))], [text(SEEDS, "s")], lap=lambda: 9).rows


@settings(max_examples=60)
@given(plans)
def test_every_row_of_every_run_is_well_formed_and_parses_back(plan):
    journal = House(plan).go().journal
    texts = Seal("7f3a", 'a"cme', "c\\1").envelopes(journal, 0, 0, AT)
    for row, written in zip(journal, texts, strict=True):
        envelope = json.loads(written)
        assert canonical(envelope) == written == canonical(decode(written))
        assert (envelope["family"], envelope["kind"], envelope["cycle"], envelope["suggestor"]) == (
            row.family,
            row.kind,
            row.cycle,
            row.suggestor,
        )
        assert (
            row.family == "effect"
            or row.fact is not None
            or "proposal" in row.data
            or envelope["event"]["data"] == decode(canonical(row.data))
        )


def test_places_go_on_and_experience_is_numbered_apart():
    texts = Seal("7f3a", "acme", "c-1").envelopes(rows(), 40, 7, AT)
    decoded = [json.loads(one) for one in texts]
    assert [one["seq"] for one in decoded] == list(range(41, 41 + len(texts)))
    numbered = [one["event_id"] for one in decoded if one["family"] == "experience"]
    assert numbered == [f"formation:c-1:{number}" for number in range(7, 7 + len(numbered))]
    assert {one["event_id"] for one in decoded if one["family"] != "experience"} == {None}


def test_an_envelope_names_run_tenant_and_correlation_first():
    first = json.loads(Seal("7f3a", "acme", "c-1").envelopes(rows(), 0, 0, AT)[1])
    assert list(first)[:7] == ["seq", "run", "tenant_id", "correlation_id", "event_id", "occurred_at", "family"]
    assert [first[name] for name in ("run", "tenant_id", "correlation_id", "occurred_at")] == ["7f3a", "acme", "c-1", AT]
    assert json.loads(Seal("7f3a", None, "c-1").envelopes(rows(), 0, 0, AT)[0])["tenant_id"] is None


def test_durations_and_attempts_stand_beside_the_content():
    ended = next(one for one in envelopes(rows()) if one["kind"] == "CycleEnded")
    promoted = next(one for one in envelopes(rows()) if one["kind"] == "FactPromoted")
    assert (ended["duration_us"], ended["attempt"]) == (9, 1)
    assert "attempt" not in promoted
    request = EffectRequest(0, "a", 1, 0, LLMCall("p", 1))
    assert envelopes([effect_row(request, "resolved", "9c1e", EffectResult(1, latency_ms=0), 2)])[0]["latency_ms"] == 0


def test_strange_names_do_not_break_the_text():
    texts = Seal('"\n', "ü☂", 'c"\\').envelopes(rows(), 0, 0, AT)
    first = json.loads(texts[1])
    assert (first["run"], first["tenant_id"], first["event_id"]) == ('"\n', "ü☂", 'formation:c"\\:0')


@pytest.mark.parametrize(
    ("microseconds", "written"),
    [(0, "1970-01-01T00:00:00.000000Z"), (1_795_309_323_000_004, "2026-11-22T01:02:03.000004Z"), (999_999, "1970-01-01T00:00:00.999999Z")],
)
def test_a_moment_is_written_in_utc_to_the_microsecond(microseconds, written):
    assert moment(microseconds) == written


class Sink(list):
    """Keeps envelopes."""


def event(kind):
    return ExperienceEvent(ExperienceEventKind(kind), {"chain_id": "c"})


def test_an_observer_wraps_an_event_with_tenant_and_correlation():
    sink = Sink()
    FormationExperienceObserver.tenant_scoped(sink, "tenant-a", "corr-1").on_event(event("BudgetExceeded"))
    (envelope,) = sink
    assert (envelope.tenant_id, envelope.correlation_id, envelope.event.type) == ("tenant-a", "corr-1", "BudgetExceeded")
    assert envelope.occurred_at == "1970-01-01T00:00:00Z"


def test_an_observer_keeps_its_sequence_for_the_run():
    sink = Sink()
    observer = FormationExperienceObserver(sink, None, "corr-2")
    observer.on_event(event("OutcomeRecorded"))
    observer.on_event(event("OutcomeRecorded"))
    assert [one.event_id for one in sink] == ["formation:corr-2:0", "formation:corr-2:1"]
    assert [one.tenant_id for one in sink] == [None, None]


def test_a_sink_that_fails_loses_its_event_and_nothing_else():
    class Weak(Sink):
        def append(self, envelope):
            if envelope.event_id.endswith(":0"):
                raise OSError("full")
            super().append(envelope)

    sink = Weak()
    told = drive([], [text(SEEDS, "s")], observer=FormationExperienceObserver(sink, None, "c"))
    assert told.stop == "Converged"
    assert [one.event_id for one in sink] == ["formation:c:1"]


def test_an_event_is_its_type_and_its_data():
    assert msgspec.json.encode(event("FactPromoted")) == b'{"type":"FactPromoted","data":{"chain_id":"c"}}'
    assert len(ExperienceEventKind) == 14
