"""The provider that asks a web server: the input is posted as JSON, the answer is JSON."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta

from runs.engine.effects import EffectResult
from runs.engine.wire import canonical
from runs.suggestors.forms import NotBlank
from runs.suggestors.problems import Problem
from runs.suggestors.providers.addresses import resolved
from runs.suggestors.providers.prices import usage_of
from runs.suggestors.providers.provider import Call, ErrorKind, Provider, ProviderError
from runs.suggestors.providers.scripted import input_of
from runs.suggestors.providers.scrubbing import Scrubber
from runs.suggestors.providers.web import Resolve, Web, WebForm, target_of


class HttpForm(WebForm, frozen=True, kw_only=True):
    """A web server that answers JSON with JSON."""

    kind: Annotated[Literal["http"], Meta(description="Which kind of provider.")]
    hosts: Annotated[list[NotBlank], Meta(description="Hosts that may be asked, each as name or name:port.")]
    url: Annotated[str | None, Meta(description="What is asked; null = the url that the input names, its body being posted.")] = None
    idempotency_header: Annotated[
        NotBlank | None, Meta(description="Header that carries the idempotency key, for servers that take one.")
    ] = None
    idempotent: Annotated[bool, Meta(description="Whether it may be asked again when nobody knows if it was done.")] = False

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields whose faults no type can tell, with their messages."""
        yield from WebForm.faults_in(value)
        hosts = value.get("hosts")
        if isinstance(value.get("url"), str) and isinstance(hosts, list) and all(isinstance(host, str) for host in hosts):
            try:
                target_of(value["url"], hosts)
            except ProviderError as error:
                yield "url", str(error).partition(": ")[2]

    def provider(self) -> Provider:
        """As effects meet it."""
        return Http(self)


class Http(Provider):
    """Posts the input of an effect to a web server."""

    def __init__(self, form: HttpForm, *, resolve: Resolve = resolved, clock: Callable[[], float] = time.monotonic) -> None:
        self.terms = form
        self.idempotent = form.idempotent or form.idempotency_header is not None
        self.secrets = tuple(form.secret_headers.values())
        self._form, self._web = form, Web(form, resolve=resolve, clock=clock)
        self._scrub = Scrubber(self.secrets)

    def answer(self, call: Call) -> EffectResult:
        """Ask; the answer's `usage` tells the cost."""
        url, body = self._asked(input_of(call.effect))
        key = self._form.idempotency_header
        headers = {} if key is None else {key: call.key}
        output = self._web.post(url, self._form.hosts, headers, canonical(body).encode(), call, self._scrub)
        usage = usage_of(output)
        model = output.get("model") if isinstance(output, dict) else None
        cost = usage.cost(self._form.prices, model if isinstance(model, str) else "")
        return EffectResult(output, tokens=usage.tokens, cost_microdollars=cost)

    def _asked(self, given: Any) -> tuple[str, Any]:
        if self._form.url is not None:
            return self._form.url, given
        if not isinstance(given, dict) or not isinstance(given.get("url"), str) or set(given) - {"url", "body"}:
            raise ProviderError(ErrorKind.PERMANENT, "the input is an object with a url, and a body if wanted")
        return given["url"], given.get("body")
