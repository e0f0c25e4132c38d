"""The provider that asks web servers, against a real one that misbehaves."""

import socket

import pytest

from runs.engine import EffectRequest, LLMCall, StateWrite, ToolCall
from runs.suggestors.providers import Call, ProviderError
from runs.suggestors.providers.http import Http, HttpForm
from runs.suggestors.providers.kinds import provider_of, read_settings
from tests.mischief import HUGE, Mischief, mischief


@pytest.fixture(scope="module")
def running():
    with mischief() as server:
        yield server


@pytest.fixture
def server(running) -> Mischief:
    running.asked.clear()
    running.poured = 0
    return running


def call(given=None, *, effect=None, seconds: float = 5.0, key: str = "k") -> Call:
    return Call(EffectRequest(0, "ada", 1, 0, effect or ToolCall("web", given)), key, 1, seconds)


def ask(server: Mischief, path: str, given=None, *, seconds: float = 5.0, **settings):
    return provider_of("http", server.settings(path, **settings)).answer(call(given, seconds=seconds))


def fault(server: Mischief, path: str, given=None, **settings) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(server, path, given, **settings)
    return caught.value


@pytest.mark.parametrize(
    ("effect", "body"),
    [
        (ToolCall("web", {"é": [1, 1.5, None]}), {"é": [1, 1.5, None]}),
        (LLMCall("web", "text"), "text"),
        (StateWrite("s", {"a": 1}), {"step_id": "s", "payload": {"a": 1}}),
    ],
)
def test_the_input_is_posted_as_json_and_the_answer_is_json(server, effect, body):
    result = provider_of("http", server.settings("echo")).answer(call(effect=effect))
    assert result.output["said"] == body
    assert result.output["headers"]["Content-Type"] == "application/json"
    assert result.output["headers"]["Host"] == f"localhost:{server.port}"


def test_the_key_is_sent_to_those_that_take_one(server):
    result = ask(server, "echo", idempotency_header="Idempotency-Key", headers={"X-Team": "panel"})
    assert (result.output["headers"]["Idempotency-Key"], result.output["headers"]["X-Team"]) == ("k", "panel")
    assert provider_of("http", server.settings("echo", idempotency_header="Idempotency-Key")).idempotent
    assert not provider_of("http", server.settings("echo")).idempotent


def test_tokens_are_read_and_priced_by_the_table(server):
    result = ask(server, "model", prices="openai")
    assert (result.tokens, result.cost_microdollars) == (1100, 150 + 60)
    assert ask(server, "model").cost_microdollars == 0


@pytest.mark.parametrize(
    ("path", "kind", "words", "retry_after", "may_be_done"),
    [
        ("busy", "rate_limit", "status 429", 7.0, False),
        ("flaky", "transient", "status 500", None, True),
        ("closed", "transient", "status 503", 0.0, False),
        ("forbidden", "permanent", "status 403", None, False),
        ("redirect", "permanent", "redirects are not followed (to 'http://169.254.169.254/latest/meta-data/')", None, False),
        ("html", "malformed", "expected JSON, not text/html: '<html><body>Please sign in</body></html>'", None, True),
        ("untyped", "malformed", "expected JSON, not an answer without a type: '{}'", None, True),
        ("broken", "malformed", "not JSON", None, True),
        ("gzip", "malformed", "compressed", None, True),
        ("huge", "too_large", f"the answer has {HUGE} bytes; 1048576 are allowed", None, True),
        ("endless", "too_large", "the answer has more than 1048576 bytes", None, True),
        ("reset", "transient", "the connection broke", None, True),
    ],
)
def test_every_bad_answer_has_its_kind(server, path, kind, words, retry_after, may_be_done):
    error = fault(server, path)
    assert error.kind == kind
    assert words in str(error)
    assert (error.retry_after, error.may_be_done) == (retry_after, may_be_done)


@pytest.mark.parametrize("path", ["huge", "endless"])
def test_an_answer_that_is_too_long_is_not_read_to_its_end(server, path):
    fault(server, path)
    assert server.poured < HUGE / 2


def test_a_server_that_never_answers_is_left(server):
    error = fault(server, "hang", seconds=0.2)
    assert (error.kind, error.may_be_done) == ("timeout", True)


def test_an_answer_that_drips_is_left_when_time_is_up(server):
    times = iter([0.0, 1.0, 2.0, 99.0])
    provider = Http(read_settings("http", server.settings("endless", max_bytes=2**24)), clock=lambda: next(times, 99.0))
    with pytest.raises(ProviderError, match="timeout: the answer comes too slowly"):
        provider.answer(call())


def test_nobody_there_is_certainly_not_done(server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        error = fault(server, "x", url=f"http://{host}/", hosts=[host])
    assert (error.kind, error.may_be_done) == ("transient", False)


def test_secrets_are_scrubbed_from_whatever_the_server_repeats(server):
    secret = {"secret_headers": {"Authorization": "Bearer sk-123456"}}
    assert ask(server, "echo", **secret).output["headers"]["Authorization"] == "•••"
    assert server.asked[-1][1]["Authorization"] == "Bearer sk-123456"
    assert "sk-123456" not in str(fault(server, "forbidden", **secret))


LOCAL = {"networks": []}


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "2130706433", "127.1"])
def test_a_name_of_a_private_address_is_not_asked(server, name):
    host = f"{name}:{server.port}"
    error = fault(server, "echo", url=f"https://{host}/echo", hosts=[host], networks=[])
    assert error.kind == "denied"
    assert "no public address" in str(error)
    assert not server.asked


def test_the_address_that_was_checked_is_the_one_that_is_asked(server):
    """A name server that first tells a good address and then a bad one gains nothing."""
    told = []

    def resolve(host, port):
        told.append(host)
        return ["127.0.0.1"] if len(told) == 1 else ["10.0.0.1"]

    settings = server.settings("echo", url=f"http://rebinding.example:{server.port}/echo", hosts=[f"rebinding.example:{server.port}"])
    result = Http(read_settings("http", settings), resolve=resolve).answer(call())
    assert (told, result.output["headers"]["Host"]) == (["rebinding.example"], f"rebinding.example:{server.port}")


def test_one_bad_address_among_several_spoils_the_name(server):
    settings = server.settings("echo", networks=["127.0.0.0/8"])
    with pytest.raises(ProviderError, match=r"is at 10\.0\.0\.1, which is no public address"):
        Http(read_settings("http", settings), resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"]).answer(call())


def test_the_next_address_is_tried_when_nobody_listens_at_the_first(server):
    settings = server.settings("echo", networks=["127.0.0.0/8"])
    assert Http(read_settings("http", settings), resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"]).answer(call()).output


def test_a_name_without_an_address_may_have_one_later(server):
    def nowhere(host, port):
        raise socket.gaierror("no such host")

    with pytest.raises(ProviderError, match="transient: 'localhost' has no address"):
        Http(read_settings("http", server.settings("echo")), resolve=nowhere).answer(call())


def test_plain_http_is_for_named_networks_only(server):
    settings = {"url": "http://public.example/", "hosts": ["public.example"]}
    with pytest.raises(ProviderError, match=r"denied: 'http://public\.example/' is not HTTPS"):
        Http(read_settings("http", settings), resolve=lambda host, port: ["93.184.216.34"]).answer(call())


OPEN = {"url": None}


def test_without_a_url_the_input_names_one_and_the_body(server):
    result = ask(server, "echo", {"url": f"http://localhost:{server.port}/echo", "body": [1]}, **OPEN)
    assert result.output["said"] == [1]


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"url": "http://elsewhere.example/"}, "denied", "'elsewhere.example:80' is not among the allowed hosts"),
        ({"url": "http://localhost/"}, "denied", "'localhost:80' is not among the allowed hosts"),
        ({"url": "http://localhost.evil.example/"}, "denied", "not among"),
        ({"url": "http://user:word@localhost/"}, "denied", "holds no user and password"),
        ({"url": "file:///etc/passwd"}, "denied", "begins with https://"),
        ({"url": "http://[::1/"}, "denied", "no URL"),
        ({"url": "//localhost/"}, "denied", "begins with https://"),
        ({"url": 1}, "permanent", "an object with a url"),
        ({"url": "x", "method": "GET"}, "permanent", "an object with a url"),
        ("http://localhost/", "permanent", "an object with a url"),
    ],
)
def test_only_hosts_on_the_list_are_asked(server, given, kind, words):
    error = fault(server, "echo", given, **OPEN)
    assert error.kind == kind
    assert words in str(error)
    assert not server.asked


def test_the_settings_are_read_with_defaults():
    form = read_settings("http", {"hosts": ["api.example"]})
    assert isinstance(form, HttpForm)
    assert (form.timeout_seconds, form.max_bytes, form.url) == (60.0, 2**20, None)
