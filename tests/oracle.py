"""A real web server that speaks as OpenAI's chat completions and Anthropic's messages do, refusals and errors included."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.mischief import Handler, Mischief, serving

KEY = "sk-test-0123456789"
#: What the servers say beside a status.
ERRORS = {400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error", 500: "api_error", 529: "overloaded_error"}


class _Handler(Handler):
    server: "Oracle"

    def do_v1(self) -> None:
        """Either API, by the rest of the path."""
        api = {"/v1/chat/completions": _OpenAI, "/v1/messages": _Anthropic}[self.path]
        asked = json.loads(self.body)
        if not api.knows(self.headers):
            self._fail(401, f"bad key {self.headers.get('Authorization') or self.headers.get('x-api-key')}")
        elif missing := [name for name in api.needs if name not in asked]:
            self._fail(400, f"missing: {', '.join(missing)}")
        else:
            said = self.server.says.pop(0) if len(self.server.says) > 1 else self.server.says[0]
            if isinstance(said, int):
                self._fail(said, "not now")
            else:
                self._json(api.answer(asked, said) if isinstance(said, str) else said)

    def _fail(self, status: int, message: str) -> None:
        kind = ERRORS.get(status, "api_error")
        self._json(
            {"type": "error", "error": {"type": kind, "message": message}}, status, **({"Retry_After": "7"} if status == 429 else {})
        )


class _OpenAI:
    needs = ("model", "messages")

    @staticmethod
    def knows(headers: Any) -> bool:
        return headers.get("Authorization") == f"Bearer {KEY}"

    @staticmethod
    def answer(asked: Any, said: str, stop: str = "stop", refusal: str | None = None) -> dict[str, Any]:
        message = {"role": "assistant", "content": None if refusal else said, "refusal": refusal}
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        choices = [{"index": 0, "message": message, "finish_reason": stop}]
        return {"id": "c", "object": "chat.completion", "model": asked["model"], "choices": choices, "usage": usage}


class _Anthropic:
    needs = ("model", "messages", "max_tokens")

    @staticmethod
    def knows(headers: Any) -> bool:
        return headers.get("x-api-key") == KEY and headers.get("anthropic-version") == "2023-06-01"

    @staticmethod
    def answer(asked: Any, said: str, stop: str = "end_turn") -> dict[str, Any]:
        content = [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": said}]
        if "tools" in asked:
            content, stop = [{"type": "tool_use", "id": "t", "name": "answer", "input": json.loads(said)}], "tool_use"
        usage = {"input_tokens": 100, "output_tokens": 20}
        return {"id": "m", "type": "message", "role": "assistant", "model": asked["model"], "content": content} | {
            "stop_reason": stop,
            "usage": usage,
        }


class Oracle(Mischief):
    """Says the next of `says`, the last one for ever: a text as a good answer, a number as that status, an object as it is."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.says: list[Any] = ["yes"]

    def model(self, kind: str, **settings: Any) -> dict[str, Any]:
        """Settings of a provider that may ask it."""
        base = f"http://localhost:{self.port}"
        known = {"openai": {"base_url": f"{base}/v1", "model": "gpt-4o-mini"}, "anthropic": {"base_url": base, "model": "claude-haiku-4-5"}}
        return known[kind] | {"key": KEY, "networks": ["127.0.0.0/8", "::1/128"]} | settings


@contextmanager
def oracle() -> Iterator[Oracle]:
    """The server, while the block lasts."""
    with serving(Oracle()) as server:
        yield server


def refusing(kind: str, why: str) -> dict[str, Any]:
    """An answer that is a refusal."""
    if kind == "openai":
        return _OpenAI.answer({"model": "gpt-4o-mini"}, "", refusal=why)
    return _Anthropic.answer({"model": "claude-haiku-4-5"}, why, "refusal")


def cut(kind: str) -> dict[str, Any]:
    """An answer that ended too early."""
    return _OpenAI.answer({"model": "m"}, '{"a', "length") if kind == "openai" else _Anthropic.answer({"model": "m"}, '{"a', "max_tokens")
