"""Reading what callers send."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

#: Octets of a body, at most.
LARGEST = 4 * 1024 * 1024


class JSONBody(BaseParser):
    """JSON of bounded size and depth, strictly: no NaN, no lone surrogates, nothing but UTF-8."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The value; raises `ParseError` or `TooLarge`."""
        text = stream.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise TooLarge
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ParseError(f"this is no JSON: {error}") from error


class TooLarge(APIException):
    """The body is larger than anything the API takes."""

    status_code = 413
    default_detail = f"a body has {LARGEST // 1024 // 1024} MB at most"
    default_code = "too_large"
