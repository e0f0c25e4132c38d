"""The JSON Schema of formation documents, made from the forms and from the parameters of every kind."""

from typing import Any

import msgspec

from runs.suggestors.document import DocumentForm
from runs.suggestors.forms import KNOWN_FAMILIES
from runs.suggestors.registry import kinds
from runs.suggestors.teams import TEAMS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `organism.formation/v1`, for the kinds that are registered."""
    catalogue = kinds()
    types = [DocumentForm, *(kind.params for kind in catalogue.values()), *KNOWN_FAMILIES.values()]
    refs, parts = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    document, *others = refs
    params = dict(zip(catalogue, others, strict=False))
    contents = dict(zip(KNOWN_FAMILIES, others[len(catalogue) :], strict=True))
    seat, payload = parts["SeatForm"], parts["PayloadForm"]
    seat["properties"]["kind"]["enum"] = list(catalogue)
    seat["allOf"] = [_params_of(name, params[name], bool(_required(catalogue[name].params))) for name in catalogue]
    seat["allOf"] += [_members_of(team, {name: params[name] for name in members}) for team, members in TEAMS.items()]
    seat["allOf"].append({"if": {"required": ["kind"]}, "then": {"properties": {"without": False}}})
    payload["allOf"] = [_content_of(family, contents[family]) for family in KNOWN_FAMILIES]
    return {"$schema": DIALECT, "title": "Formation", **document, "$defs": parts}


def _required(params: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(params) if field.required]


def _params_of(kind: str, params: dict[str, Any], needed: bool) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"with": params}}
    if needed:
        then["required"] = ["with"]
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": then}


def _members_of(team: str, params: dict[str, Any]) -> dict[str, Any]:
    given = {"properties": params, "additionalProperties": False}
    then = {"properties": {"with": given, "without": {"items": {"enum": list(params)}}, "name": False}}
    return {"if": {"properties": {"team": {"const": team}}, "required": ["team"]}, "then": then}


def _content_of(family: str, content: dict[str, Any]) -> dict[str, Any]:
    known = {"properties": {"family": {"const": family}, "version": {"const": 1}}, "required": ["family"]}
    return {"if": known, "then": {"properties": {"payload": content}}}
