"""What a language model is asked and what it says, in a form that is nobody's API: providers translate it."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine.effects import EffectResult
from runs.engine.wire import canonical
from runs.suggestors.forms import LARGEST, Positive
from runs.suggestors.providers.provider import ErrorKind, ProviderError

FORM = "Answer with one JSON value that fits this JSON Schema, and with nothing else:"
#: Characters that a token stands for, where nobody says how many tokens there were.
CHARACTERS_OF_TOKEN = 4
Temperature = Annotated[float, Meta(ge=0, le=2)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    content: str


class Chat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A conversation that a model is to go on with; `schema` is the JSON Schema of the answer, if it is to be JSON."""

    messages: Annotated[list[Message], Meta(min_length=1)]
    system: str = ""
    schema: dict[str, Any] | None = None
    model: str | None = None
    max_tokens: Positive | None = None
    temperature: Temperature | None = None

    def instructions(self, *, with_form: bool) -> str:
        """What the system says; with the form of the answer in words, for those who cannot be told it otherwise."""
        form = [] if self.schema is None or not with_form else [f"{FORM}\n{canonical(self.schema)}"]
        return "\n\n".join(filter(None, [self.system, *form]))

    def input(self) -> dict[str, Any]:
        """As the input of an `LLMCall`."""
        given: dict[str, Any] = msgspec.to_builtins(self)
        return given


class Said(msgspec.Struct, frozen=True):
    """What a model answered, or why that is no answer; with what it cost."""

    text: str = ""
    fault: str | None = None
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int = 0
    estimated: bool = False

    def result(self) -> EffectResult:
        """As the result of the effect: an answer that is none has its price all the same."""
        tokens = min(LARGEST, self.input_tokens + self.output_tokens)
        usage: dict[str, Any] = {"input_tokens": self.input_tokens, "output_tokens": self.output_tokens}
        if self.estimated:
            usage["estimated"] = True
        output = {"text": self.text, "model": self.model, "usage": usage}
        return EffectResult(None if self.fault else output, self.fault, tokens=tokens, cost_microdollars=self.cost_microdollars)


def tokens_in(text: str) -> int:
    """An estimate of its tokens, rounded up."""
    return -(-len(text) // CHARACTERS_OF_TOKEN)


def chat_of(given: Any) -> Chat:
    """Read the input of an `LLMCall`, a text being what the user says; raises `ProviderError`."""
    if isinstance(given, str):
        return Chat([Message("user", given)])
    try:
        return msgspec.convert(given, Chat)
    except msgspec.ValidationError as error:
        raise ProviderError(ErrorKind.PERMANENT, f"the input is a text, or an object with messages: {error}") from error


def text_said(output: Any) -> str | None:
    """The text of an output, if it is one in words: as a model's provider tells it, or a text alone."""
    if isinstance(output, dict) and isinstance(output.get("text"), str) and set(output) <= {"text", "model", "usage"}:
        return str(output["text"])
    return output if isinstance(output, str) else None
