"""The provider whose answers stand in the document."""

import pytest

from runs.engine import EffectRequest, LLMCall, StateWrite, ToolCall
from runs.suggestors.providers import Call, ProviderError
from runs.suggestors.providers.kinds import provider_of


def ask(answers, *, name="ada", cycle=1, ordinal=0, effect=None, attempt=1, waits=None, **settings):
    request = EffectRequest(0, name, cycle, ordinal, effect or LLMCall("oracle", {"ask": 1}))
    waited = [] if waits is None else waits
    call = Call(request, "k", attempt, 60.0, lambda seconds: bool(waited.append(seconds)))
    return provider_of("scripted", {"answers": answers, **settings}).answer(call)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({}, True),
        ({"suggestor": "ada"}, True),
        ({"suggestor": "bob"}, False),
        ({"suggestor": "ada", "ordinal": 0}, True),
        ({"ordinal": 1}, False),
        ({"cycle": 1}, True),
        ({"cycle": 2}, False),
        ({"input": {"ask": 1}}, True),
        ({"input": {"ask": 1.0}}, False),
        ({"input": {"ask": True}}, False),
        ({"input": {}}, False),
        ({"input": None}, False),
    ],
)
def test_an_answer_is_for_effects_that_fit_everything_given(wanted, fits):
    assert ask([wanted | {"output": "this"}, {"output": "other"}]).output == ("this" if fits else "other")


@pytest.mark.parametrize(
    ("effect", "given"), [(ToolCall("oracle", None), None), (StateWrite("s", [1]), {"payload": [1], "step_id": "s"})], ids=["tool", "state"]
)
def test_the_order_of_keys_does_not_matter(effect, given):
    assert ask([{"input": given, "output": "this"}], effect=effect).output == "this"


def test_what_no_answer_fits_is_a_permanent_error():
    with pytest.raises(ProviderError, match="permanent: no answer of the script fits"):
        ask([{"suggestor": "bob"}])


def test_costs_and_latency_are_told_as_written():
    waits = []
    result = ask([{"output": 1, "tokens": 7, "cost_microdollars": 3, "latency_ms": 2500}], waits=waits)
    assert (result.output, result.tokens, result.cost_microdollars, result.latency_ms, waits) == (1, 7, 3, 2500, [2.5])


def test_it_fails_as_often_as_it_is_told():
    answers = [{"output": "at last", "error": {"kind": "rate_limit", "message": "slowly", "times": 2, "retry_after_seconds": 9}}]
    for attempt in (1, 2):
        with pytest.raises(ProviderError, match="rate_limit: slowly") as caught:
            ask(answers, attempt=attempt)
        assert caught.value.retry_after == 9
    assert ask(answers, attempt=3).output == "at last"


def test_it_fails_for_ever_unless_told_how_often():
    with pytest.raises(ProviderError, match="timeout: scripted"):
        ask([{"error": {"kind": "timeout"}}], attempt=20)


def test_a_latency_beyond_the_time_out_is_one():
    waits = []
    with pytest.raises(ProviderError, match="timeout: no answer within 60 seconds"):
        ask([{"latency_ms": 60_001}], waits=waits)
    assert waits == [60.0]
