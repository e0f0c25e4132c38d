"""The provider of language models behind Anthropic's Messages API."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine.wire import canonical
from runs.suggestors.forms import NotBlank
from runs.suggestors.providers.chat import Chat, Said
from runs.suggestors.providers.loosening import is_simple, loosened
from runs.suggestors.providers.model import Model, ModelForm, cut_off, refused
from runs.suggestors.providers.provider import Provider

TOOL = "answer"


class AnthropicForm(ModelForm, frozen=True, kw_only=True):
    """A language model behind Anthropic's Messages API."""

    kind: Annotated[Literal["anthropic"], Meta(description="Which kind of provider.")]
    base_url: Annotated[str, Meta(description="Where the API begins; v1/messages is added.")] = "https://api.anthropic.com"
    prices: Annotated[str | None, Meta(description="Price table for answers that tell tokens but no cost.")] = "anthropic"
    version: Annotated[NotBlank, Meta(description="Value of the header anthropic-version.")] = "2023-06-01"
    structured: Annotated[
        Literal["output_config", "tool", "none"],
        Meta(description="How JSON is asked for: by its schema, as the input of a tool (older models), or in words only."),
    ] = "output_config"

    def provider(self) -> Provider:
        """As effects meet it."""
        return Anthropic(self)


class _Block(msgspec.Struct, frozen=True):
    type: str
    text: str = ""
    name: str = ""
    input: Any = None


class _Answer(msgspec.Struct, frozen=True):
    content: list[_Block]
    stop_reason: str | None = None


class Anthropic(Model):
    """Asks by messages."""

    path = "v1/messages"

    def headers(self, key: str | None) -> dict[str, str]:
        """The version, and the key."""
        return {"anthropic-version": self._form.version} | ({} if key is None else {"x-api-key": key})

    def body(self, chat: Chat, model: str, max_tokens: int) -> dict[str, Any]:
        """The conversation."""
        said: dict[str, Any] = {"model": model, "max_tokens": max_tokens, "messages": msgspec.to_builtins(chat.messages)}
        form = {} if chat.schema is None else self._format(chat.schema)
        if instructions := chat.instructions(with_form=not form):
            said["system"] = instructions
        if chat.temperature is not None:
            said["temperature"] = min(1.0, chat.temperature)
        return said | form

    def _format(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The form of the answer; that of a schema which is too much to be guaranteed is the input of a tool."""
        if self._form.structured == "output_config" and is_simple(schema):
            return {"output_config": {"format": {"type": "json_schema", "schema": loosened(schema)}}}
        if self._form.structured == "none" or schema.get("type") != "object":
            return {}
        tool = {"name": TOOL, "description": "Give the answer.", "input_schema": schema}
        return {"tools": [tool], "tool_choice": {"type": "tool", "name": TOOL}}

    def said(self, told: Any, chat: Chat) -> Said:
        """The input of the tool, else all texts in their order."""
        answer = msgspec.convert(told, _Answer)
        text = "".join(block.text for block in answer.content if block.type == "text")
        if answer.stop_reason == "refusal":
            return refused(text)
        if answer.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            return cut_off()
        used = next((block.input for block in answer.content if block.type == "tool_use" and block.name == TOOL), None)
        return Said(text if used is None else canonical(used))
