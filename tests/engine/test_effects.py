"""Effects: their JSON, their rows, and sinks that take them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import EffectRequest, EffectResult, InterruptRaise, LLMCall, MemoryEffectSink, NoopEffectSink, StateWrite, ToolCall
from runs.engine.effects import HIDDEN, EffectInvalid, effect_from_json, effect_row, effect_to_json, hide
from runs.engine.wire import canonical, decode
from tests.engine.teams import envelopes
from tests.engine.test_wire import texts, values

EFFECTS = [
    (LLMCall("openai", {"ask": 1}), '{"LLMCall":{"provider":"openai","input":{"ask":1}}}'),
    (ToolCall("search", [1]), '{"ToolCall":{"tool":"search","input":[1]}}'),
    (StateWrite(None, {}), '{"StateWrite":{"step_id":null,"payload":{}}}'),
    (StateWrite("s", 1.0), '{"StateWrite":{"step_id":"s","payload":1.0}}'),
    (InterruptRaise("why?"), '{"InterruptRaise":{"value":"why?"}}'),
]
effects = st.one_of(
    st.builds(LLMCall, texts, values),
    st.builds(ToolCall, texts, values),
    st.builds(StateWrite, st.none() | texts, values),
    st.builds(InterruptRaise, values),
)


@pytest.mark.parametrize(("effect", "written"), EFFECTS)
def test_an_effect_is_one_key_with_its_fields(effect, written):
    assert canonical(effect_to_json(effect)) == written


@given(effects)
def test_an_effect_serialises_and_parses_back(effect):
    assert effect_from_json(decode(canonical(effect_to_json(effect)))) == effect


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "an effect is an object with one of the keys LLMCall, ToolCall, StateWrite, InterruptRaise"),
        ({}, "an effect is an object"),
        ({"LLMCall": {}, "ToolCall": {}}, "an effect is an object"),
        ({"Shell": {}}, "unknown effect 'Shell'; allowed: LLMCall"),
        ({"LLMCall": {"provider": "p"}}, "LLMCall has the fields input, provider"),
        ({"LLMCall": {"provider": "p", "input": 1, "more": 1}}, "LLMCall has the fields input, provider"),
        ({"StateWrite": 1}, "StateWrite has the fields payload, step_id"),
    ],
)
def test_what_is_no_effect_is_refused(value, words):
    with pytest.raises(EffectInvalid, match=words):
        effect_from_json(value)


def test_a_result_is_an_output_or_an_error_and_its_latency_stays_outside():
    costs = {"attempts": 2, "tokens": 3, "cost_microdollars": 4}
    assert EffectResult({"a": 1}, None, 2, 3, 4, 5).content() == {"output": {"a": 1}} | costs
    assert EffectResult({"a": 1}, "failed", 2, 3, 4, 5).content() == {"error": "failed"} | costs


@pytest.mark.parametrize(("effect", "written"), EFFECTS)
def test_a_row_carries_the_effect_its_phase_and_what_came_back(effect, written):
    request = EffectRequest(2, 'a"da', 3, 0, effect)
    asked = effect_row(request, "requested", "9c1e", None, 1)
    answered = effect_row(request, "resolved", "9c1e", EffectResult("é", latency_ms=9), 2)
    first, second = envelopes([asked, answered])
    assert canonical(first["effect"]) == canonical(second["effect"]) == written
    assert (first["family"], first["kind"], first["phase"], "result" in first) == ("effect", type(effect).__name__, "requested", False)
    assert (second["result"]["output"], second["latency_ms"], second["attempt"], second["suggestor"]) == ("é", 9, 2, 'a"da')


def test_the_line_in_the_digest_leaves_out_time_and_name():
    one, other = (EffectRequest(2, name, 3, 0, LLMCall("p", 1)) for name in "ab")
    assert one.digest_line(EffectResult(1, latency_ms=5)) == other.digest_line(EffectResult(1, latency_ms=6))
    assert one.digest_line(EffectResult(1)) != one.digest_line(EffectResult(1.0))


def test_the_sink_that_does_nothing_accepts_all():
    sink = NoopEffectSink()
    assert [sink.record("r", effect) for effect, _ in EFFECTS] == [None] * len(EFFECTS)


def test_the_sink_in_memory_keeps_all_in_order():
    sink = MemoryEffectSink()
    for effect, _ in EFFECTS:
        sink.record("r", effect)
    assert sink.records == [("r", effect) for effect, _ in EFFECTS]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"password": "p", "user": "u"}, {"password": HIDDEN, "user": "u"}),
        ({"a": [{"password": {"b": 1}}], "c": "password"}, {"a": [{"password": HIDDEN}], "c": "password"}),
        ({"Password": "p"}, {"Password": "p"}),
        (["password", 1, None], ["password", 1, None]),
    ],
)
def test_members_are_hidden_by_their_names_at_any_depth(value, shown):
    assert hide(value, ["password"]) == shown


@given(values)
def test_what_has_no_such_name_is_shown_as_it_is(value):
    assert hide(value, []) == value


def test_a_row_may_carry_what_it_hides_in_sealed_form():
    request = EffectRequest(0, "ada", 1, 0, ToolCall("t", {"password": HIDDEN}))
    sealed, plain = envelopes([effect_row(request, "requested", "9c", None, 1, "token"), effect_row(request, "requested", "9c", None, 1)])
    assert (sealed["sealed"], "sealed" in plain) == ("token", False)


def test_the_line_in_the_digest_can_be_kept_in_the_clear():
    line = EffectRequest(0, "ada", 1, 0, ToolCall("t", {"password": "sesame"})).digest_line(EffectResult("open"))
    assert len(line) == 64
    assert "sesame" not in line
