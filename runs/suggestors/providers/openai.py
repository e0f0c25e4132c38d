"""The provider of language models behind an endpoint that speaks as OpenAI's chat completions do."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.suggestors.providers.chat import Chat, Said
from runs.suggestors.providers.model import Model, ModelForm, cut_off, refused
from runs.suggestors.providers.provider import Provider

Structured = Literal["json_schema", "json_object", "none"]


class OpenAIForm(ModelForm, frozen=True, kw_only=True):
    """A language model behind an OpenAI-compatible endpoint."""

    kind: Annotated[Literal["openai"], Meta(description="Which kind of provider.")]
    base_url: Annotated[str, Meta(description="Where the API begins; chat/completions is added.")] = "https://api.openai.com/v1"
    prices: Annotated[str | None, Meta(description="Price table for answers that tell tokens but no cost.")] = "openai"
    structured: Annotated[
        Structured, Meta(description="How JSON is asked for: by its schema, as any JSON, or in words only, for servers that know neither.")
    ] = "json_schema"
    tokens_field: Annotated[
        Literal["max_completion_tokens", "max_tokens"],
        Meta(description="How the server calls the limit of an answer; older ones max_tokens."),
    ] = "max_completion_tokens"

    def provider(self) -> Provider:
        """As effects meet it."""
        return OpenAI(self)


class _Message(msgspec.Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct, frozen=True):
    choices: Annotated[list[_Choice], Meta(min_length=1)]


class OpenAI(Model):
    """Asks by chat completions."""

    path = "chat/completions"

    def headers(self, key: str | None) -> dict[str, str]:
        """The key as a bearer token."""
        return {} if key is None else {"Authorization": f"Bearer {key}"}

    def body(self, chat: Chat, model: str, max_tokens: int) -> dict[str, Any]:
        """The conversation, what the system says being its first message."""
        instructions = chat.instructions(with_form=self._form.structured != "json_schema")
        system = [{"role": "system", "content": instructions}] if instructions else []
        said: dict[str, Any] = {"model": model, "messages": [*system, *msgspec.to_builtins(chat.messages)]}
        said[self._form.tokens_field] = max_tokens
        if chat.temperature is not None:
            said["temperature"] = chat.temperature
        if chat.schema is not None and self._form.structured != "none":
            said["response_format"] = self._format(chat.schema)
        return said

    def _format(self, schema: dict[str, Any]) -> dict[str, Any]:
        if self._form.structured == "json_object":
            return {"type": "json_object"}
        return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": False}}

    def said(self, told: Any, chat: Chat) -> Said:
        """The first choice."""
        choice = msgspec.convert(told, _Completion).choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            return refused(choice.message.refusal or "the content was filtered")
        return cut_off() if choice.finish_reason == "length" else Said(choice.message.content or "")
