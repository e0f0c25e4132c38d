"""Envelopes of a run and records of effects: the original's own tests word for word."""

import json

import pytest

from runs.engine import FormationExperienceObserver, InterruptRaise, LLMCall, NoopEffectSink, StateWrite, ToolCall
from runs.engine.effects import EffectInvalid, effect_from_json, effect_to_json
from runs.engine.events import ExperienceEvent, ExperienceEventKind

EFFECTS = [
    LLMCall("openai", {"prompt": "hello", "temperature": 0.5}),
    ToolCall("search", ["a", 1, None]),
    StateWrite(None, {"step": 1}),
    StateWrite("step-1", True),
    InterruptRaise({"question": "go on?"}),
]


class KeepingSink:
    def __init__(self):
        self.envelopes = []

    def append(self, envelope):
        self.envelopes.append(envelope)


class FailingSink:
    def append(self, envelope):
        raise OSError("disk full")


class CountingSink:
    def __init__(self):
        self.count = 0

    def record(self, run_id, effect):
        self.count += 1


def event(kind: str, **data) -> ExperienceEvent:
    return ExperienceEvent(ExperienceEventKind(kind), data)


def test_observer_wraps_event_with_tenant_and_correlation():
    sink = KeepingSink()
    FormationExperienceObserver.tenant_scoped(sink, "tenant-a", "corr-1").on_event(event("BudgetExceeded", resource="Cycles"))
    (envelope,) = sink.envelopes
    assert (envelope.tenant_id, envelope.correlation_id) == ("tenant-a", "corr-1")
    assert envelope.event == event("BudgetExceeded", resource="Cycles")


def test_observer_keeps_sequence_stable_for_run_scope():
    sink = KeepingSink()
    observer = FormationExperienceObserver(sink, None, "corr-2")
    for _ in range(2):
        observer.on_event(event("OutcomeRecorded", passed=True))
    assert [envelope.event_id for envelope in sink.envelopes] == ["formation:corr-2:0", "formation:corr-2:1"]
    assert [envelope.tenant_id for envelope in sink.envelopes] == [None, None]


def test_a_sink_that_fails_does_not_stop_the_run():
    FormationExperienceObserver(FailingSink(), None, "c").on_event(event("OutcomeRecorded"))


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: type(effect).__name__)
def test_an_effect_serialises_and_parses_back(effect):
    assert effect_from_json(json.loads(json.dumps(effect_to_json(effect)))) == effect


@pytest.mark.parametrize("value", [{}, [], {"LLMCall": {}}, {"Nope": {}}, {"ToolCall": {"tool": "t", "input": 1, "x": 2}}])
def test_what_is_no_effect_is_refused(value):
    with pytest.raises(EffectInvalid):
        effect_from_json(value)


def test_the_no_op_sink_accepts_all():
    for effect in EFFECTS:
        NoopEffectSink().record("run-1", effect)


def test_a_sink_can_count():
    sink = CountingSink()
    for effect in EFFECTS:
        sink.record("run-1", effect)
    assert sink.count == len(EFFECTS)
