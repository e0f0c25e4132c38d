"""What is asked of a model and of what form its answer must be; one that does not fit may be mended once."""

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

import jsonschema_rs
import msgspec

from runs.engine import EffectFailed, LLMCall
from runs.engine.wire import canonical, decode
from runs.suggestors.llm.params import ModelParams
from runs.suggestors.llm.template import DATA
from runs.suggestors.providers.chat import Chat, Message, text_said
from runs.suggestors.storable import faults_of

#: How many faults are told to the model, and how many characters of each.
MOST_FAULTS, LONGEST_FAULT = 5, 300
AGAIN = "That answer cannot be used. Answer again, with the whole corrected JSON and nothing else. What is wrong:"
Check = Callable[[Any], list[str]]
Said = TypeVar("Said")


class Answer(msgspec.Struct, frozen=True):
    """What was answered, and by which model as far as is known."""

    value: Any
    model: str = ""


def answered(params: ModelParams, prompt: str, schema: dict[str, Any], check: Check) -> Generator[LLMCall, Any, Answer]:
    """Ask until the answer fits the schema and passes the check, twice at most; raises `NoAnswer`."""
    validator = validator_of(schema)
    system = "\n\n".join(filter(None, (params.system, DATA)))
    chat = Chat([Message("user", prompt)], system, schema, params.model, params.max_tokens, params.temperature)
    said, value, faults = yield from _asked(params.provider, chat, validator, check)
    if faults:
        told = "\n".join((AGAIN, *(f"- {fault}" for fault in faults)))
        mended = [*chat.messages, Message("assistant", _words(said) or "…"), Message("user", told)]
        said, value, faults = yield from _asked(params.provider, msgspec.structs.replace(chat, messages=mended), validator, check)
    if faults:
        raise NoAnswer(f"the answer did not fit, nor did the second: {'; '.join(faults)}")
    model = said.get("model") if text_said(said) is not None and isinstance(said, dict) else None
    return Answer(value, model if isinstance(model, str) else "")


def _asked(
    provider: str, chat: Chat, validator: jsonschema_rs.Validator, check: Check
) -> Generator[LLMCall, Any, tuple[Any, Any, list[str]]]:
    try:
        said = yield LLMCall(provider, chat.input())
    except EffectFailed as error:
        raise NoAnswer(str(error)) from error
    try:
        value = _value(said)
    except msgspec.DecodeError as error:
        return said, None, [f"it is not JSON: {error}"]
    faults = [_at(error.instance_path, error.message) for error in validator.iter_errors(value)]
    faults = faults or [f"{path}: {message}" for path, message in faults_of(value)] or check(value)
    return said, value, [fault[:LONGEST_FAULT] for fault in faults[:MOST_FAULTS]]


def _value(said: Any) -> Any:
    """The JSON that was said: in words, perhaps fenced, or as it is."""
    text = text_said(said)
    if text is None:
        return said
    text = text.strip()
    if text.startswith("```") and text.endswith("```"):
        text = text.partition("\n")[2].removesuffix("```")
    return decode(text)


def _words(said: Any) -> str:
    text = text_said(said)
    return canonical(said) if text is None else text


def _at(path: list[str | int], message: str) -> str:
    return f"{'/'.join(map(str, path))}: {message}" if path else message


def validator_of(schema: Any) -> jsonschema_rs.Validator:
    """A validator that fetches nothing; raises ValueError for what is no JSON Schema."""
    try:
        return jsonschema_rs.validator_for(schema, retriever=_nothing)
    except jsonschema_rs.ReferencingError as error:
        raise ValueError(str(error)) from error


def _nothing(address: str) -> Any:
    raise ValueError(f"{address} is not fetched")


def side_by_side(talks: Sequence[Generator[LLMCall, Any, Said]]) -> Generator[list[LLMCall], list[Any], list[Said]]:
    """Let several conversations go on at once: what they ask next is one batch, which a budget lets pass or stops as a whole."""
    said, asked = dict[int, Said](), dict[int, LLMCall]()

    def go_on(n: int, give: Callable[[Any], LLMCall], what: Any) -> None:
        try:
            asked[n] = give(what)
        except StopIteration as end:
            said[n] = end.value

    for n, talk in enumerate(talks):
        go_on(n, talk.send, None)
    while asked:
        numbers, batch = list(asked), list(asked.values())
        asked.clear()
        for n, answer in zip(numbers, (yield batch), strict=True):
            go_on(n, talks[n].throw if isinstance(answer, EffectFailed) else talks[n].send, answer)
    return [said[n] for n in range(len(talks))]


class NoAnswer(Exception):
    """The model could not be asked, or gave no answer of the form; the message becomes a Diagnostic."""
