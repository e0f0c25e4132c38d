"""The providers of language models, against a real server that speaks their APIs."""

import json
from typing import Any

import pytest

from runs.engine import EffectRequest, LLMCall
from runs.engine.effects import EffectResult
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.providers import Call, ProviderError
from runs.suggestors.providers.kinds import provider_of, read_settings, shown
from tests.mischief import HUGE
from tests.oracle import KEY, Oracle, cut, oracle, refusing

KINDS = ["openai", "anthropic"]
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}, "required": ["n"]}
CHAT = {"system": "Be brief.", "messages": [{"role": "user", "content": "How many?"}], "schema": SCHEMA, "temperature": 0.5}


@pytest.fixture(scope="module")
def running():
    with oracle() as server:
        yield server


@pytest.fixture
def server(running) -> Oracle:
    running.asked.clear()
    running.poured = 0
    running.says = ['{"n": 1}']
    return running


def ask(server: Oracle, kind: str, given: Any = CHAT, *, seconds: float = 5.0, says: Any = None, **settings: Any) -> EffectResult:
    server.says = [says] if says is not None else server.says
    call = Call(EffectRequest(0, "ada", 1, 0, LLMCall("m", given)), "k", 1, seconds)
    return provider_of(kind, server.model(kind, **settings)).answer(call)


def fault(server: Oracle, kind: str, given: Any = CHAT, **settings: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(server, kind, given, **settings)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_answers_in_words_with_its_tokens_and_their_price(server, kind):
    result = ask(server, kind)
    model, cost = {"openai": ("gpt-4o-mini", 27), "anthropic": ("claude-haiku-4-5", 200)}[kind]
    assert result.output == {"text": '{"n": 1}', "model": model, "usage": {"input_tokens": 100, "output_tokens": 20}}
    assert (result.tokens, result.cost_microdollars, result.error) == (120, cost, None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_that_no_table_knows_costs_as_much_as_the_dearest(server, kind):
    assert ask(server, kind, CHAT | {"model": "new"}).cost_microdollars == {"openai": 4400, "anthropic": 3000}[kind]
    assert ask(server, kind, prices=None).cost_microdollars == 0


def test_openai_is_asked_as_its_api_wants(server):
    ask(server, "openai")
    path, headers, body = server.asked[-1]
    assert (path, headers["Authorization"]) == ("v1/chat/completions", f"Bearer {KEY}")
    assert body == {
        "model": "gpt-4o-mini",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How many?"}],
        "max_completion_tokens": 4096,
        "temperature": 0.5,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA, "strict": False}},
    }


def test_anthropic_is_asked_as_its_api_wants(server):
    ask(server, "anthropic")
    path, headers, body = server.asked[-1]
    assert (path, headers["x-api-key"], headers["anthropic-version"]) == ("v1/messages", KEY, "2023-06-01")
    closed = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
    assert body == {
        "model": "claude-haiku-4-5",
        "max_tokens": 4096,
        "messages": [{"role": "user", "content": "How many?"}],
        "system": "Be brief.",
        "temperature": 0.5,
        "output_config": {"format": {"type": "json_schema", "schema": closed}},
    }


@pytest.mark.parametrize(
    ("kind", "told", "asked"),
    [
        ("openai", {"structured": "json_object"}, {"response_format": {"type": "json_object"}}),
        ("openai", {"structured": "none", "tokens_field": "max_tokens", "max_tokens": 5}, {"max_tokens": 5}),
        ("anthropic", {"structured": "tool"}, {"tool_choice": {"type": "tool", "name": "answer"}}),
        ("anthropic", {"structured": "none"}, {"max_tokens": 4096}),
    ],
)
def test_servers_that_know_no_schemas_are_asked_otherwise(server, kind, told, asked):
    result = ask(server, kind, **told)
    body = server.asked[-1][2]
    assert asked.items() <= body.items()
    assert json.loads(result.output["text"]) == {"n": 1}
    assert told["structured"] != "none" or not {"response_format", "output_config", "tools"} & set(body)


@pytest.mark.parametrize(("kind", "structured"), [("openai", "json_object"), ("openai", "none"), ("anthropic", "none")])
def test_those_that_cannot_be_told_the_schema_otherwise_are_told_in_words(server, kind, structured):
    ask(server, kind, structured=structured)
    assert json.dumps(SCHEMA, separators=(",", ":")) in json.dumps(server.asked[-1][2]).replace("\\", "")
    ask(server, kind)
    assert "JSON Schema" not in json.dumps(server.asked[-1][2])


def test_a_schema_that_is_too_much_to_be_guaranteed_is_the_input_of_a_tool(server):
    for most, way in ((24, "output_config"), (25, "tools")):
        schema = {"type": "object", "properties": {f"f{n}": {"type": "string"} for n in range(most)}}
        ask(server, "anthropic", CHAT | {"schema": schema}, says="{}")
        assert {"output_config", "tools"} & set(server.asked[-1][2]) == {way}


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_that_nobody_tells_are_estimated_so_that_budgets_hold(server, kind):
    said = cut(kind)
    del said["usage"]
    choice = said["choices"][0] if kind == "openai" else said
    choice["finish_reason" if kind == "openai" else "stop_reason"] = "stop"
    result = ask(server, kind, says=said)
    assert result.output["usage"]["estimated"]
    assert (result.output["usage"]["output_tokens"], result.tokens > 40) == (1, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_alone_is_what_the_user_says(server, kind):
    assert ask(server, kind, "How many?").output["text"] == '{"n": 1}'
    assert server.asked[-1][2]["messages"] == [{"role": "user", "content": "How many?"}]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", [{}, {"messages": []}, {"messages": [{"role": "root", "content": "x"}]}, CHAT | {"stream": True}, 3])
def test_what_is_no_conversation_is_not_asked(server, kind, given):
    error = fault(server, kind, given)
    assert (error.kind, server.asked) == ("permanent", [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "error_kind", "retry_after", "may_be_done"),
    [
        (429, "rate_limit", 7.0, False),
        (500, "transient", None, True),
        (529, "transient", None, False),
        (503, "transient", None, False),
        (401, "permanent", None, False),
        (400, "permanent", None, False),
        (404, "permanent", None, False),
    ],
)
def test_every_status_has_its_kind(server, kind, status, error_kind, retry_after, may_be_done):
    error = fault(server, kind, says=status)
    assert (error.kind, error.retry_after, error.may_be_done) == (error_kind, retry_after, may_be_done)
    assert f"status {status}" in str(error)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("path", "error_kind"),
    [("broken", "malformed"), ("html", "malformed"), ("huge", "too_large"), ("endless", "too_large"), ("hang", "timeout")],
)
def test_a_server_that_misbehaves_is_told(server, kind, path, error_kind):
    base = f"http://localhost:{server.port}/{path}"
    assert fault(server, kind, base_url=base, seconds=0.3 if path == "hang" else 5.0).kind == error_kind
    assert server.poured < HUGE / 2


def test_nothing_left_to_spend_is_not_worth_waiting(server, monkeypatch):
    from tests import oracle

    monkeypatch.setitem(oracle.ERRORS, 429, "insufficient_quota")
    assert fault(server, "openai", says=429).kind == "permanent"


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_is_told_and_costs_what_it_costs(server, kind):
    result = ask(server, kind, says=refusing(kind, "I would rather not."))
    assert (result.output, result.error) == (None, "permanent: the model refused to answer: I would rather not.")
    assert (result.tokens, result.cost_microdollars > 0) == (120, True)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_was_cut_off_is_told(server, kind):
    result = ask(server, kind, says=cut(kind))
    assert result.error == "permanent: the answer was cut off; more max_tokens would let it end"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [{}, [], {"choices": [], "content": None}, {"error": {"message": "no"}}])
def test_json_that_is_no_answer_is_malformed(server, kind, said):
    assert ask(server, kind, says=said).error.startswith("malformed: not the answer of a model")


@pytest.mark.parametrize("kind", KINDS)
def test_keys_may_stand_in_the_environment_and_are_read_when_it_is_asked(server, kind, monkeypatch):
    settings = {"key": None, "key_env": "PROVIDER_KEY_TEST"}
    assert str(fault(server, kind, **settings)) == "denied: the environment variable PROVIDER_KEY_TEST holds no key"
    monkeypatch.setenv("PROVIDER_KEY_TEST", KEY)
    assert ask(server, kind, **settings).tokens == 120
    monkeypatch.setenv("PROVIDER_KEY_TEST", "sk-wrong-key-1")
    assert "sk-wrong" not in str(fault(server, kind, **settings))


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_a_server_repeats_is_scrubbed(server, kind):
    assert "•••" in str(fault(server, kind, key="sk-another-key"))
    assert KEY not in str(ask(server, kind, says=f"Your key is {KEY}").output)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["SECRET_KEY", "PATH", "PROVIDER_KEY_", "provider_key_a", "PROVIDER_KEY_A B", "XPROVIDER_KEY_A"])
def test_other_names_of_the_environment_are_refused(kind, name):
    with pytest.raises(DocumentInvalid, match="key_env: must be PROVIDER_KEY_ followed by"):
        read_settings(kind, {"model": "m", "key_env": name})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "model: is required"),
        ({"model": "m", "key": "k", "key_env": "PROVIDER_KEY_A"}, "key_env: must be left out when there is a key"),
        ({"model": "m", "key": "schlüssel"}, "key: is no text of visible ASCII characters"),
        ({"model": "m", "base_url": "file:///etc"}, "base_url: a URL begins with https://"),
        ({"model": "m", "base_url": "https://u:p@a.example"}, "base_url: a URL begins with https://, and holds no user"),
        ({"model": "m", "base_url": "https://a.example/v1?key=1"}, "base_url: must end with a path"),
        ({"model": "m", "structured": "xml"}, "structured: unknown value 'xml'"),
        ({"model": "m", "prices": "dear"}, "prices: unknown table 'dear'; allowed: anthropic, openai, free"),
    ],
)
def test_settings_that_make_no_sense_are_told(given, words):
    with pytest.raises(DocumentInvalid, match=words.replace("(", r"\(")):
        read_settings("openai", given)


@pytest.mark.parametrize("kind", KINDS)
def test_the_guard_is_that_of_other_web_servers(server, kind):
    error = fault(server, kind, networks=[])
    assert (error.kind, server.asked) == ("denied", [])
    assert "no public address" in str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_never_shown(kind):
    assert shown(kind, {"model": "m", "key": KEY}) == {"model": "m", "key": "•••"}
    assert provider_of(kind, {"model": "m"}).idempotent
