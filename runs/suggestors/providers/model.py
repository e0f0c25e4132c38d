"""What the providers of language models have in common, whatever their API."""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from runs.engine.effects import EffectResult
from runs.engine.wire import canonical
from runs.suggestors.forms import NotBlank, Positive
from runs.suggestors.problems import Problem
from runs.suggestors.providers.addresses import resolved
from runs.suggestors.providers.chat import Chat, Said, chat_of, tokens_in
from runs.suggestors.providers.keys import PREFIX, is_name_of_key, key_named
from runs.suggestors.providers.prices import Usage, usage_of
from runs.suggestors.providers.provider import LONGEST, Call, ErrorKind, Provider, ProviderError
from runs.suggestors.providers.reading import SHOWN
from runs.suggestors.providers.scripted import input_of
from runs.suggestors.providers.scrubbing import Scrubber
from runs.suggestors.providers.web import Resolve, Web, WebForm, can_be_sent, web_url

#: What a server says, beside the status of too many requests, when there is nothing left to spend: waiting does not help.
SPENT = "insufficient_quota"


class ModelForm(WebForm, frozen=True, kw_only=True):
    """A language model behind a web server."""

    SECRET: ClassVar[tuple[str, ...]] = ("secret_headers", "key")

    base_url: Annotated[str, Meta(description="Where the API begins.")]
    model: Annotated[NotBlank, Meta(description="The model that is asked unless the seat names another.")]
    key: Annotated[NotBlank | None, Meta(description="The key; encrypted at rest, and never shown.")] = None
    key_env: Annotated[str | None, Meta(description=f"Environment variable that holds the key; its name begins with {PREFIX}.")] = None
    max_tokens: Annotated[Positive, Meta(description="How long an answer may be, in tokens, unless the seat says otherwise.")] = 4096
    idempotent: Annotated[bool, Meta(description="Whether it may be asked again when nobody knows if it was done.")] = True
    timeout_seconds: Annotated[float, Meta(gt=0, le=LONGEST, description="How long one attempt may take.")] = 120.0
    deadline_seconds: Annotated[
        float, Meta(gt=0, le=LONGEST, description="How long all attempts may take, waiting between them included.")
    ] = 600.0

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields whose faults no type can tell, with their messages."""
        yield from WebForm.faults_in(value)
        key, name, base = value.get("key"), value.get("key_env"), value.get("base_url")
        if isinstance(key, str) and not can_be_sent(key):
            yield "key", "is no text of visible ASCII characters"
        if isinstance(name, str) and not is_name_of_key(name):
            yield "key_env", f"must be {PREFIX} followed by capital letters, digits and underscores"
        if key is not None and name is not None:
            yield "key_env", "must be left out when there is a key"
        if isinstance(base, str):
            yield from (("base_url", fault) for fault in _base_faults(base))


def _base_faults(base: str) -> Iterator[str]:
    try:
        url = web_url(base)
    except ProviderError as error:
        yield str(error).partition(": ")[2]
        return
    if url.query or url.fragment:
        yield "must end with a path"


class Model(Provider):
    """Asks a language model. Its API is what a subclass knows: where to post, which headers, which form."""

    def __init__(self, form: Any, *, resolve: Resolve = resolved, clock: Callable[[], float] = time.monotonic) -> None:
        self.terms = form
        self.idempotent = form.idempotent
        self.secrets = tuple(filter(None, (form.key, *form.secret_headers.values())))
        self._form, self._web = form, Web(form, resolve=resolve, clock=clock)

    def answer(self, call: Call) -> EffectResult:
        """Ask; a refusal and an answer that was cut off are errors, and cost what they cost."""
        chat, key = chat_of(input_of(call.effect)), self._key()
        scrub = Scrubber(filter(None, (*self.secrets, key)))
        base = web_url(self._form.base_url)
        host = base.netloc.decode()
        body = canonical(self.body(chat, chat.model or self._form.model, chat.max_tokens or self._form.max_tokens))
        try:
            told = self._web.post(f"{str(base).rstrip('/')}/{self.path}", [host], self.headers(key), body.encode(), call, scrub)
        except ProviderError as error:
            raise _spent(error) from error
        return self._priced(self._read(told, chat), told, chat).result()

    def _key(self) -> str | None:
        name = self._form.key_env
        key: str | None = self._form.key if name is None else key_named(name)
        return key

    def _read(self, told: Any, chat: Chat) -> Said:
        try:
            return self.said(told, chat)
        except msgspec.ValidationError as error:
            begun = " ".join(canonical(told).split())[:SHOWN]
            return Said(fault=f"{ErrorKind.MALFORMED}: not the answer of a model: {error}: {begun!r}")

    def _priced(self, said: Said, told: Any, chat: Chat) -> Said:
        usage, given = usage_of(told), told.get("model") if isinstance(told, dict) else None
        model = given if isinstance(given, str) and given else chat.model or self._form.model
        silent = not usage.tokens and usage.cost_microdollars is None and not said.fault
        if silent:
            usage = Usage(tokens_in(canonical(chat.input())), tokens_in(said.text))
        cost = usage.cost(self._form.prices, model)
        return msgspec.structs.replace(
            said, model=model, input_tokens=usage.input, output_tokens=usage.output, cost_microdollars=cost, estimated=silent
        )

    #: Where it is posted, from the base on.
    path: str = ""

    @abstractmethod
    def headers(self, key: str | None) -> dict[str, str]:
        """The headers of the API, with the key if there is one."""

    @abstractmethod
    def body(self, chat: Chat, model: str, max_tokens: int) -> dict[str, Any]:
        """The conversation in the form of the API."""

    @abstractmethod
    def said(self, told: Any, chat: Chat) -> Said:
        """What the model said; raises `msgspec.ValidationError` for what is not the form of the API."""


def refused(why: str | None) -> Said:
    """The model would not answer."""
    return Said(fault=f"{ErrorKind.PERMANENT}: the model refused to answer: {' '.join((why or 'no reason given').split())[:SHOWN]}")


def cut_off() -> Said:
    """The model had more to say than it was allowed to."""
    return Said(fault=f"{ErrorKind.PERMANENT}: the answer was cut off; more max_tokens would let it end")


def _spent(error: ProviderError) -> ProviderError:
    """The error; too many requests as permanent when there is nothing left to spend."""
    if error.kind is not ErrorKind.RATE_LIMIT or SPENT not in str(error):
        return error
    return ProviderError(ErrorKind.PERMANENT, str(error).partition(": ")[2])
