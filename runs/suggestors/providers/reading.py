"""Reading the answer of a web server, which may say anything, at any length."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

from runs.engine.wire import decode
from runs.suggestors.providers.provider import ErrorKind, ProviderError
from runs.suggestors.providers.scrubbing import Scrubber

#: How much of an answer is shown that is not what it should be.
SHOWN = 200
#: Statuses which say that nothing was done, and may be when asked again.
LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.SERVICE_UNAVAILABLE, 529}  # 529: a model is overloaded
BUSY = HTTPStatus.TOO_MANY_REQUESTS


def refuse_status(response: httpx.Response, scrub: Scrubber, now: Callable[[], float] = time.time) -> None:
    """Raise `ProviderError` for every answer but a good one."""
    status = response.status_code
    if response.is_success:
        return
    if response.is_redirect:
        place = scrub.text(response.headers.get("location", "")[:SHOWN])
        raise ProviderError(ErrorKind.PERMANENT, f"status {status}: redirects are not followed (to {place!r})")
    told = f"status {status}: {_beginning(response, scrub)}"
    after = seconds_after(response.headers.get("retry-after"), now())
    if status == BUSY:
        raise ProviderError(ErrorKind.RATE_LIMIT, told, retry_after=after)
    if status in LATER or response.is_server_error:
        raise ProviderError(ErrorKind.TRANSIENT, told, retry_after=after, may_be_done=status not in LATER)
    raise ProviderError(ErrorKind.PERMANENT, told)


def seconds_after(header: str | None, now: float) -> float | None:
    """What Retry-After asks for: a number of seconds, or a date; None for what nobody can read."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - datetime.fromtimestamp(now, UTC).timestamp())


def read_json(response: httpx.Response, most: int, scrub: Scrubber, is_late: Callable[[], bool]) -> Any:
    """The answer's JSON; raises `ProviderError` as soon as it is too long, comes too slowly, or is something else."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        shown = _beginning(response, scrub)
        raise ProviderError(ErrorKind.MALFORMED, f"expected JSON, not {kind or 'an answer without a type'}: {shown}", may_be_done=True)
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ProviderError(ErrorKind.MALFORMED, "the answer is compressed, which was not asked for", may_be_done=True)
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _too_large(f"{length} bytes", most)
    try:
        return decode(_body(response, most, is_late))
    except msgspec.DecodeError as error:
        raise ProviderError(ErrorKind.MALFORMED, f"not JSON: {error}", may_be_done=True) from error


def _body(response: httpx.Response, most: int, is_late: Callable[[], bool]) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > most:
            raise _too_large(f"more than {most} bytes", most)
        if is_late():
            raise ProviderError(ErrorKind.TIMEOUT, "the answer comes too slowly", may_be_done=True)
    return bytes(body)


def _too_large(what: str, most: int) -> ProviderError:
    return ProviderError(ErrorKind.TOO_LARGE, f"the answer has {what}; {most} are allowed", may_be_done=True)


def _beginning(response: httpx.Response, scrub: Scrubber) -> str:
    """The first words of an answer."""
    begun = next(response.iter_raw(4096), b"")
    text = scrub.text(begun.decode("utf-8", "replace"))
    return repr(" ".join(text.split())[:SHOWN])
