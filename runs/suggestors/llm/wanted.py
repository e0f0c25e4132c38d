"""What a model is to propose: the key, the ids, the family and the form of the content; answers as proposals."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.engine import ContextKey, Payload, Proposal
from runs.engine.facts import TEXT_FAMILY
from runs.engine.payloads import is_blank
from runs.suggestors.forms import Id, NotBlank, PayloadForm, Positive
from runs.suggestors.llm.answers import validator_of
from runs.suggestors.places import FactName, Place, parts_of
from runs.suggestors.problems import Problem

MOST = 100
RATIONALE_FAMILY = "organism.llm.rationale"
TEXT_SCHEMA: dict[str, Any] = {"type": "string", "pattern": r"\S"}


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model is to propose."""

    key: Annotated[ContextKey, Meta(description="The key under which the facts will stand.")]
    id: Annotated[
        Id | UnsetType,
        Meta(description="Their id; `{n}`, `{name}`, `{round}` and `{count:KEY}` are replaced. Without one: name or note of the seat."),
    ] = UNSET
    family: Annotated[NotBlank, Meta(description="Family of the content; that of a known family is checked.")] = TEXT_FAMILY
    version: Annotated[Positive, Meta(description="Version of the family.")] = 1
    schema: Annotated[
        dict[str, Any] | None, Meta(description="JSON Schema of the content, of a text or of any family, without references.")
    ] = None
    most: Annotated[int, Meta(ge=1, le=MOST, description="How many it may propose; it must propose one at least.")] = 1

    def __post_init__(self) -> None:
        for name, fault in self.faults_in({"schema": self.schema, "most": self.most, "id": self.id}):
            raise ValueError(f"{name}: {fault}")

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields whose faults no type can tell, with their messages."""
        schema, id = value.get("schema"), value.get("id")
        if isinstance(schema, dict):
            yield from (("schema", fault) for fault in _schema_faults(schema))
        if isinstance(id, str) and value.get("most", 1) != 1 and not _has(id, "n"):
            yield "id", "must hold {n} when there may be several"

    def content_schema(self) -> dict[str, Any]:
        """The form of one content, without the definitions that it refers to."""
        return self.schema if self.schema is not None else schema_of(self.family, self.version)[0]

    def definitions(self) -> dict[str, Any]:
        """What the form of the content refers to."""
        return {} if self.schema is not None else schema_of(self.family, self.version)[1]

    def payload(self, content: Any) -> Payload:
        """The content as a payload; raises ValueError for what its family refuses."""
        if self.family == TEXT_FAMILY:
            return text_payload(content)
        return msgspec.convert({"family": self.family, "version": self.version, "payload": content}, PayloadForm).payload()

    def id_template(self, *, each_round: bool) -> str:
        """The id as authored, or the usual one: the seat's note of the round, or its name."""
        if isinstance(self.id, str):
            return self.id
        base = "note:{name}" if each_round else "{name}"
        return base + (":{n}" if self.most > 1 else "") + (":{round}" if each_round else "")


def text_payload(content: Any) -> Payload:
    """A text; raises ValueError for what is none, or blank."""
    if not isinstance(content, str) or is_blank(content):
        raise ValueError("expected a text that is not blank")
    return Payload.text_of(content)


def schema_of(family: str, version: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The form of a family's content, and what it refers to; of an unknown family anything."""
    form = PayloadForm.form_of(family, version)
    if family == TEXT_FAMILY or form is None:
        return (TEXT_SCHEMA if family == TEXT_FAMILY else {}), {}
    (schema,), definitions = msgspec.json.schema_components([form], ref_template="#/$defs/{name}")
    return schema, dict(definitions)


def item_schema(content: dict[str, Any]) -> dict[str, Any]:
    """The form of one proposal."""
    fields: dict[str, Any] = {
        "content": content,
        "confidence": {"type": "number", "minimum": 0, "maximum": 1, "description": "How sure you are, from 0 to 1."},
        "rationale": {"type": "string", "description": "Why, in one or two sentences."},
    }
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def answer_schema(wanted: Wanted) -> dict[str, Any]:
    """The form of an answer with proposals."""
    items = {"type": "array", "items": item_schema(wanted.content_schema()), "minItems": 1, "maxItems": wanted.most}
    schema = {"type": "object", "properties": {"proposals": items}, "required": ["proposals"], "additionalProperties": False}
    return schema | ({"$defs": definitions} if (definitions := wanted.definitions()) else {})


def proposals_of(
    key: ContextKey, id: str, payload: Payload, item: Mapping[str, Any], by: str, used: tuple[FactName, ...]
) -> list[Proposal]:
    """The proposal, and beside it, under Diagnostic, why it was made."""
    proposals = [Proposal(key, id, payload, by, float(item["confidence"]), used=used)]
    if not is_blank(item["rationale"]):
        why = {"key": key, "id": id, "confidence": item["confidence"], "rationale": item["rationale"]}
        proposals.append(Proposal(ContextKey.DIAGNOSTIC, f"rationale:{id}", Payload.of(RATIONALE_FAMILY, why), by, used=used))
    return proposals


def _has(text: str, word: str) -> bool:
    return any(isinstance(part, Place) and part.kind == word for part in parts_of(text, (word,)))


def _schema_faults(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in str(schema):
        yield "must stand alone, without $ref"
        return
    try:
        validator_of(schema)
    except ValueError as error:
        yield f"is no JSON Schema: {error}"
