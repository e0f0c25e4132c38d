"""The suggestor that uses a tool, and makes facts of what comes back."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote, unquote

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, EffectFailed, Fact, Payload, Proposal, Suggestor, ToolCall
from runs.engine.facts import TEXT_FAMILY
from runs.engine.payloads import is_blank
from runs.engine.wire import canonical
from runs.suggestors.conditions import Condition, Conditions, compiled, facts_named, facts_that_end, facts_waited_for, keys_of
from runs.suggestors.expansion import is_constant, keys_counted
from runs.suggestors.forms import Id, NotBlank, PayloadForm, Positive
from runs.suggestors.lacking import Lack, failing
from runs.suggestors.places import FactName, Place, id_of, parts_of
from runs.suggestors.pointers import found_at, is_pointer
from runs.suggestors.problems import Problem
from runs.suggestors.registry import Keys, Kind, register

MOST = 1_000
ERROR = "tool-error:"


class ResultForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact, or one for each item of a list, made of what a tool answers."""

    key: Annotated[ContextKey, Meta(description="The key under which it will stand.")]
    id: Annotated[Id, Meta(description="Its id; `{name}`, `{count:KEY}` and, with `each`, `{n}` are replaced.")]
    path: Annotated[str, Meta(description="JSON Pointer to it in the output, such as /items/0/title; nothing = the whole.")] = ""
    each: Annotated[bool, Meta(description="Whether a list stands there, each item of which becomes a fact.")] = False
    most: Annotated[int, Meta(ge=1, le=MOST, description="How many items become facts; a Diagnostic tells how many were left out.")] = 100
    family: Annotated[NotBlank, Meta(description="Family of the content; a text of what is none is its JSON.")] = TEXT_FAMILY
    version: Annotated[Positive, Meta(description="Version of the family.")] = 1

    def __post_init__(self) -> None:
        for name, fault in self.faults_in(msgspec.structs.asdict(self)):
            raise ValueError(f"{name}: {fault}")

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields whose faults no type can tell, with their messages."""
        path, id = value.get("path"), value.get("id")
        if isinstance(path, str) and not is_pointer(path):
            yield "path", "is no JSON Pointer such as /items/0/title"
        if isinstance(id, str) and value.get("each") is True and not any(part == Place("n") for part in parts_of(id, ("n",))):
            yield "id", "must hold {n} when there may be several"

    def items(self, output: Any) -> list[Any]:
        """What becomes facts, the rest included; raises LookupError where there is nothing."""
        found = found_at(output, self.path)
        if not self.each:
            return [found]
        if not isinstance(found, list) or not found:
            raise LookupError(f"there is no list with items at {self.path or 'the top'}")
        return found

    def payload(self, content: Any) -> Payload:
        """The content as a payload; raises ValueError for what its family refuses."""
        if self.family == TEXT_FAMILY:
            text = content if isinstance(content, str) else canonical(content)
            if is_blank(text):
                raise ValueError("the text is blank")
            return Payload.text_of(text)
        return msgspec.convert({"family": self.family, "version": self.version, "payload": content}, PayloadForm).payload()


class ToolParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `tool`."""

    tool: Annotated[NotBlank, Meta(description="Name of the provider that is the tool.")]
    results: Annotated[list[ResultForm], Meta(min_length=1, description="The facts that are made of its output.")]
    input: Annotated[
        Any,
        Meta(description="What it is given; `{facts:KEY}`, `{fact:KEY/ID}` and `{count:KEY}` in its texts are replaced."),
    ] = None
    dependencies: Annotated[
        list[ContextKey] | None, Meta(description="Keys whose change wakes it; null = those that input and conditions name.")
    ] = None
    accepts: Annotated[Conditions, Meta(description="All must hold before it is used; none = it is used at once.")] = []


class Tool(Suggestor):
    """Uses a tool once, as long as no fact of the first result's id is there, failed or was rejected.

    A fact that the input names by its id is waited for. Whatever fails, or is not where it should be, is told in the
    Diagnostic `tool-error:<id>`.
    """

    def __init__(self, params: ToolParams, name: str) -> None:
        self.name = name
        self._params = params
        self._when = conditions_of(params)
        self._holds = compiled(self._when)
        self.dependencies = wakes_of(params)
        self.waits_for = facts_waited_for(self._when)
        self.done_when = tuple(facts_that_end(params.accepts))
        if is_constant(params.results[0].id):
            self.done_when += self._ends(Context())

    def _id(self, result: ResultForm, context: Context, n: int = 1) -> str:
        return id_of(result.id, context, {"name": self.name, "n": str(n)})

    def _ends(self, context: Context) -> tuple[FactName, ...]:
        first = self._params.results[0]
        id = self._id(first, context)
        return (first.key, id), (ContextKey.DIAGNOSTIC, f"{ERROR}{id}"), (ContextKey.DIAGNOSTIC, f"hitl-rejected:{id}")

    def accepts(self, context: Context) -> bool:
        """Tell whether it is time to use it."""
        return self._holds(context) and not any(context.fact(*end) for end in self._ends(context))

    def lacks(self, context: Context) -> Iterator[Lack]:
        """The conditions that do not hold."""
        return failing(self._when, context)

    def suggest(self, context: Context) -> Generator[ToolCall, Any, Sequence[Proposal]]:
        """Use it, and put forward what came back."""
        shown = [fact for place in places_in(self._params.input) for fact in place.facts(context)]
        used = tuple(dict.fromkeys((*facts_named(self._params.accepts, context), *((fact.key, fact.id) for fact in shown))))
        try:
            output = yield ToolCall(self._params.tool, asked(self._params.input, context))
        except (EffectFailed, Misled) as error:
            return [self._told(context, [str(error)], used)]
        proposals, faults = list[Proposal](), list[str]()
        for result in self._params.results:
            try:
                proposals += self._made(result, output, context, used, faults)
            except (LookupError, ValueError) as error:
                faults.append(f"{result.key}/{result.id}: {error}")
        return [*proposals, self._told(context, faults, used)] if faults else proposals

    def _made(self, result: ResultForm, output: Any, context: Context, used: tuple[FactName, ...], faults: list[str]) -> list[Proposal]:
        items, by = result.items(output), f"tool:{self._params.tool}"
        if len(items) > result.most:
            faults.append(f"{result.key}/{result.id}: {len(items) - result.most} of {len(items)} items were left out")
        kept = enumerate(items[: result.most], 1)
        return [Proposal(result.key, self._id(result, context, n), result.payload(item), by, used=used) for n, item in kept]

    def _told(self, context: Context, faults: Sequence[str], used: tuple[FactName, ...]) -> Proposal:
        payload = Payload.diagnostic_of(self.name, "; ".join(faults))
        return Proposal(ContextKey.DIAGNOSTIC, f"{ERROR}{self._id(self._params.results[0], context)}", payload, self.name, used=used)


def asked(input: Any, context: Context) -> Any:
    """The input in a context. What facts add to its `url` is percent-encoded: they are data, and change no more than a value or a name."""
    given = filled(input, context)
    if isinstance(input, dict) and isinstance(url := input.get("url"), str):
        given["url"] = _url(url, given["url"], context)
    return given


def _url(template: str, whole: Any, context: Context) -> Any:
    parts = [part for part in parts_of(template) if part != ""]
    if len(parts) == 1:  # all of it is the author's, or all of it is a fact, held against the list of hosts like any other
        return whole
    url = "".join(part if isinstance(part, str) else quote(_words(part, context), safe="") for part in parts)
    path = url.partition("#")[0].partition("?")[0]
    # No encoding keeps a server from reading these as directions.
    if any(unquote(name) in (".", "..") for name in path.split("/")):
        raise Misled(f"a fact would lead out of the path of the url: {url}")
    return url


def filled(value: Any, context: Context) -> Any:
    """The input in a context. A text that is nothing but a place becomes JSON; within a text, places are replaced in words."""
    if isinstance(value, dict):
        return {name: filled(inner, context) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, context) for inner in value]
    if not isinstance(value, str):
        return value
    parts = [part for part in parts_of(value) if part != ""]
    if len(parts) == 1 and isinstance(parts[0], Place):
        return _value(parts[0], context)
    return "".join(part if isinstance(part, str) else _words(part, context) for part in parts)


def _value(place: Place, context: Context) -> Any:
    facts = place.facts(context)
    if place.kind == "facts":
        return [{"id": fact.id, "content": _content(fact)} for fact in facts]
    return _content(facts[0]) if place.kind == "fact" else _count(place, context)


def _content(fact: Fact) -> Any:
    return fact.payload.value if fact.text is None else fact.text


def _words(place: Place, context: Context) -> str:
    value = _value(place, context)
    return value if isinstance(value, str) else canonical(value)


def _count(place: Place, context: Context) -> int:
    return 0 if place.key is None else context.count(place.key)


def places_in(value: Any) -> list[Place]:
    """The places in the texts of an input."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [place for one in inner for place in places_in(one)]
    return [part for part in parts_of(value) if isinstance(part, Place)] if isinstance(value, str) else []


def conditions_of(params: ToolParams) -> list[Condition]:
    """What must hold before it is used: `accepts`, and that the facts are there that the input names."""
    named = dict.fromkeys((place.key, place.id) for place in places_in(params.input) if place.kind == "fact" and place.key is not None)
    return [*params.accepts, *(Condition(has_fact=(key, id)) for key, id in named)]


def wakes_of(params: ToolParams) -> Keys:
    """The keys that wake it."""
    return _named(params) if params.dependencies is None else tuple(dict.fromkeys(params.dependencies))


def _named(params: ToolParams) -> Keys:
    """The keys that input and conditions name."""
    shown = [place.key for place in places_in(params.input) if place.key is not None]
    return tuple(dict.fromkeys([*shown, *keys_of(params.accepts)]))


def _reads(params: ToolParams) -> Keys:
    counted = [key for result in params.results for key in keys_counted(result.id)]
    return tuple(dict.fromkeys([*wakes_of(params), *_named(params), *counted]))


class Misled(Exception):
    """A fact would change where a tool is looked for."""


register(
    Kind(
        kind="tool",
        summary="Uses a tool, such as a web server, and makes facts of what it answers.",
        params=ToolParams,
        build=lambda params, name: Tool(params, name),
        reads=_reads,
        writes=lambda params: tuple(dict.fromkeys([*(result.key for result in params.results), ContextKey.DIAGNOSTIC])),
        reaches_out=True,
    )
)
