"""Asking a web server, within bounds: whom it is allowed to be, how long it may take, how much it may say.

Only hosts on a list are asked, over HTTPS, at the standard port unless the list names another, and only at public
addresses. What is checked is the address that is then connected to, so a name that changes its address in between gains
nothing. Redirects are not followed. Networks may be named in which private addresses and plain HTTP are allowed.
"""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, Any, ClassVar

import httpx
import msgspec
from msgspec import Meta

from runs.suggestors.forms import NotBlank
from runs.suggestors.problems import Problem
from runs.suggestors.providers.addresses import is_allowed, is_within, network_faults, resolved
from runs.suggestors.providers.prices import price_tables
from runs.suggestors.providers.provider import Call, ErrorKind, ProviderError, Terms
from runs.suggestors.providers.reading import read_json, refuse_status
from runs.suggestors.providers.scrubbing import Scrubber

MOST_BYTES = 16 * 2**20
PORTS = {"https": 443, "http": 80}
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VISIBLE = re.compile(r"[!-~]([ -~]*[!-~])?")
Resolve = Callable[[str, int], Sequence[str]]


class WebForm(Terms, frozen=True, kw_only=True):
    """What all kinds have that ask web servers."""

    SECRET: ClassVar[tuple[str, ...]] = ("secret_headers",)

    networks: Annotated[list[NotBlank], Meta(description="Networks in which private addresses and plain HTTP are allowed.")] = []
    headers: Annotated[dict[str, str], Meta(description="Headers to send.")] = {}
    secret_headers: Annotated[dict[str, str], Meta(description="Headers to send that nobody may see, such as Authorization.")] = {}
    authorities: Annotated[
        NotBlank | None, Meta(description="Certificates (PEM) of the authorities that are trusted, in the place of the public ones.")
    ] = None
    max_bytes: Annotated[int, Meta(ge=1, le=MOST_BYTES, description="How long an answer may be.")] = 2**20
    prices: Annotated[str | None, Meta(description="Price table for answers that tell tokens but no cost.")] = None

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields whose faults no type can tell, with their messages."""
        prices, authorities = value.get("prices"), value.get("authorities")
        yield from (("networks", fault) for fault in network_faults(value.get("networks")))
        yield from ((name, fault) for name in ("headers", "secret_headers") for fault in _header_faults(value.get(name)))
        if isinstance(authorities, str) and not are_certificates(authorities):
            yield "authorities", "expected certificates as PEM text, from -----BEGIN CERTIFICATE----- on"
        if isinstance(prices, str) and prices not in price_tables():
            yield "prices", f"unknown table '{prices}'; allowed: {', '.join(price_tables())}"

    def __post_init__(self) -> None:
        for name, fault in self.faults_in(msgspec.structs.asdict(self)):
            raise ValueError(f"{name}: {fault}")


class Web:
    """Posts JSON to web servers, each attempt over a connection of its own."""

    def __init__(self, form: WebForm, *, resolve: Resolve = resolved, clock: Callable[[], float] = time.monotonic) -> None:
        self._form, self._resolve, self._clock = form, resolve, clock

    def post(self, url: str, hosts: Sequence[str], headers: Mapping[str, str], body: bytes, call: Call, scrub: Scrubber) -> Any:
        """The JSON that one of the hosts answers, without secrets; raises `ProviderError`."""
        target = target_of(url, hosts)
        addresses = self._addresses(target)
        with _told_apart(call.seconds, target.host), _client(call.seconds, self._form.authorities) as client:
            return scrub.value(self._exchange(client, target, addresses, self._beside(target, headers) | {"content": body}, call, scrub))

    def _addresses(self, target: httpx.URL) -> Sequence[str]:
        """The addresses of the target, all of which must be allowed."""
        host, networks = target.host, self._form.networks
        try:
            addresses = self._resolve(target.raw_host.decode(), target.port or PORTS[target.scheme])
        except (OSError, UnicodeError) as error:
            raise ProviderError(ErrorKind.TRANSIENT, f"'{host}' has no address: {error}") from error
        for address in addresses:
            if not is_allowed(address, networks):
                raise ProviderError(ErrorKind.DENIED, f"'{host}' is at {address}, which is no public address")
            if target.scheme == "http" and not is_within(address, networks):
                raise ProviderError(ErrorKind.DENIED, f"'{target}' is not HTTPS")
        return addresses

    def _exchange(
        self, client: httpx.Client, target: httpx.URL, addresses: Sequence[str], sent: dict[str, Any], call: Call, scrub: Scrubber
    ) -> Any:
        """Connect to the first address that takes the connection; ask once."""
        until, refused = self._clock() + call.seconds, None
        for address in addresses:
            try:
                with client.stream("POST", target.copy_with(host=address), **sent) as response:
                    refuse_status(response, scrub)
                    return read_json(response, self._form.max_bytes, scrub, lambda: self._clock() > until)
            except httpx.ConnectError as error:
                refused = error
        raise refused or ProviderError(ErrorKind.TRANSIENT, f"'{target.host}' has no address")

    def _beside(self, target: httpx.URL, more: Mapping[str, str]) -> dict[str, Any]:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        headers |= {**self._form.headers, **self._form.secret_headers, **more}
        headers |= {"Host": target.netloc.decode(), "Accept-Encoding": "identity"}
        return {"headers": headers, "extensions": {"sni_hostname": target.raw_host.decode()}}


def target_of(url: str, hosts: Sequence[str]) -> httpx.URL:
    """The URL, if its host is on the list; raises `ProviderError`."""
    target = web_url(url)
    standard = PORTS[target.scheme]
    named = f"{target.host}:{target.port or standard}"
    if not any(host.lower() in (named, target.host if (target.port or standard) == standard else named) for host in hosts):
        raise ProviderError(ErrorKind.DENIED, f"'{named}' is not among the allowed hosts")
    return target


def web_url(url: str) -> httpx.URL:
    """The URL of a web server; raises `ProviderError`."""
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ProviderError(ErrorKind.DENIED, f"'{url}' is no URL: {error}") from error
    if target.scheme not in PORTS or not target.host or target.userinfo:
        raise ProviderError(ErrorKind.DENIED, "a URL begins with https://, and holds no user and password")
    return target


def can_be_sent(value: str) -> bool:
    """Whether the text can be the value of a header."""
    return _VISIBLE.fullmatch(value) is not None


def _header_faults(headers: object) -> Iterator[str]:
    """Which headers could not be sent; values are not told."""
    if isinstance(headers, dict):
        for name, value in headers.items():
            if not _TOKEN.fullmatch(name) or not isinstance(value, str) or not can_be_sent(value):
                yield f"'{name}' is no header with a value of visible ASCII characters"


@contextmanager
def _client(seconds: float, authorities: str | None) -> Iterator[httpx.Client]:
    """A client of one connection: a connection that was checked for one host is never used for another."""
    with httpx.Client(verify=_trust(authorities), trust_env=False, follow_redirects=False, timeout=seconds) as client:
        yield client


@lru_cache(maxsize=64)
def _trust(authorities: str | None) -> ssl.SSLContext:
    """Whom to believe: the authorities, or else those that the public web trusts."""
    return httpx.create_ssl_context(trust_env=False) if authorities is None else ssl.create_default_context(cadata=authorities)


def are_certificates(text: str) -> bool:
    """Whether the text is certificates as PEM."""
    try:
        _trust(text)
    except (ssl.SSLError, ValueError):
        return False
    return True


def _mistrust(error: BaseException | None) -> str | None:
    """Why a server could not prove that it is the one that was asked for; None if that is not what went wrong."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return None if error is None else error.verify_message.rstrip(".")


@contextmanager
def _told_apart(seconds: float, host: str) -> Iterator[None]:
    """Failures of the line as errors of their kinds; before a connection stands, nothing can have been done."""
    try:
        yield
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ProviderError(ErrorKind.TIMEOUT, f"no connection within {seconds:g} seconds") from error
    except httpx.TimeoutException as error:
        raise ProviderError(ErrorKind.TIMEOUT, f"no answer within {seconds:g} seconds", may_be_done=True) from error
    except httpx.ConnectError as error:
        if (why := _mistrust(error)) is not None:
            raise ProviderError(ErrorKind.PERMANENT, f"'{host}' cannot prove who it is: {why}") from error
        raise ProviderError(ErrorKind.TRANSIENT, f"no connection: {error}") from error
    except (OSError, httpx.TransportError) as error:
        raise ProviderError(ErrorKind.TRANSIENT, f"the connection broke: {type(error).__name__}: {error}", may_be_done=True) from error
