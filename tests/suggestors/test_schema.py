"""The JSON Schema: valid itself, and of one mind with the reader."""

import copy
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.engine import ContextKey
from runs.suggestors import DocumentInvalid, document_schema, read_document
from tests.suggestors.charters.test_charter import FAULTS as FAULTS_OF_CHARTERS
from tests.suggestors.test_document import EXAMPLE, FAULTS, vote
from tests.suggestors.test_registry import GIVEN
from tests.suggestors.test_shorthands import FAULTS as FAULTS_OF_TEAMS

SCHEMA = document_schema()
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA)
READY = {"team": "stress-test", "with": {"cost-simulation": {"runs": 9}}, "without": ["planning-prior"]}
SEATS = [{"kind": kind, "name": f"my {kind}", "with": params} for kind, params in GIVEN.items()]
MEMBERS = {"my rule": "lead", "bela": {"role": "critic", "seats": ["my human"]}}
CHARTER = {"topology": "panel", "members": MEMBERS, "mode": "curated", "minimum_members": 1, "expected_roles": ["lead"]}
EVERY_KIND: dict[str, Any] = EXAMPLE | {"team": [*SEATS, READY | {"enabled": False}], "charter": CHARTER}
# What a schema cannot say: these faults are the reader's alone.
READERS_OWN = (
    "is taken by",
    "at most, and team",
    "is not Cedar",
    "there is no policy",
    "two policies are called",
    "(with ?principal or ?resource)",
    "has the same key and id",
    "stands twice",
    "64 bits",
    "pass flag mismatch",
    "surrogate",
    "U+0000",
    "finite",
    "deeper",
    "could not parse subject",
    "subject scheme",
    "subject kind",
    "subject id",
    "must rise",
    "unknown set",
    "no seat is named",
    "the seat '",
    "too few members",
    "a role is missing",
    "the members of this",
    "no voters",
    "no report owner",
    "must hold {",
    "must end with :{round}",
    "leaves no room for facts",
    "is no JSON Schema",
    "must stand alone",
    "is no JSON Pointer",
)


def messages(value: Any) -> list[str]:
    try:
        read_document(json.dumps(value), format="json")
    except DocumentInvalid as error:
        return [message for _, message in error.errors]
    return []


def shape_faults(value: Any) -> list[str]:
    return [message for message in messages(value) if not any(words in message for words in READERS_OWN)]


def test_the_schema_is_valid_itself():
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(SCHEMA)


@pytest.mark.parametrize("value", [EXAMPLE, EVERY_KIND])
def test_a_good_document_fits(value):
    VALIDATOR.validate(value)
    assert not messages(value)


@pytest.mark.parametrize("name", ["seattle-15-per-hour", "seattle-four-rounds"])
def test_the_real_documents_fit(shared, name):
    VALIDATOR.validate(json.loads((shared / "data" / f"{name}.formation.json").read_text()))


def test_every_field_is_described():
    silent = [
        f"{name}.{field}"
        for name, part in SCHEMA["$defs"].items()
        if name.endswith(("Form", "Params", "Condition", "Conventions", "When"))
        for field, schema in part["properties"].items()
        if "description" not in str(schema)
    ]
    assert not silent


def parsed_faults() -> list[Any]:
    """The documents of the reader's tests that are JSON."""
    found = []
    for text, _, _ in [*FAULTS.values(), *FAULTS_OF_TEAMS.values(), *FAULTS_OF_CHARTERS.values()]:
        try:
            value = json.loads(text, parse_constant=lambda name: None)
            json.dumps(value, ensure_ascii=False).encode()  # the validator takes no lone surrogates
        except (ValueError, RecursionError):
            continue
        found.append(value)
    return found


@pytest.mark.parametrize("value", parsed_faults(), ids=lambda value: str(value)[:60])
def test_it_refuses_what_the_reader_refuses(value):
    assert VALIDATOR.is_valid(value) == (not shape_faults(value))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in `value` but itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in items for place in ((*path, key), *places(item, (*path, key)))]


ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 2, 0.5, 1.5, 256, 2**31, "", " ", "x", "\u2003", "i" * 201, "i" * 501, [], {}, [[]], [{}]),
    *(
        "Seeds",
        "majority",
        "settled",
        "first",
        "rule",
        "role-stall",
        "fail",
        "escalate",
        "join",
        "adversarial",
        ["Seeds"],
        ["Seeds", 1],
        ["Seeds", "x"],
    ),
    *({"has": "Seeds"}, [{"has": "Seeds"}], {"when": []}, {"when": [{}]}, vote("yes"), vote("maybe"), {"family": "x", "payload": None}),
    *("acme://vendor/1", "converge.text", "converge.governance.vote", "converge.diagnostic", {"text": "t"}, {"max_rounds": 1}, 2),
]
NAMES = [
    "kind",
    "team",
    "without",
    "name",
    "with",
    "text",
    "payload",
    "version",
    "has",
    "absent",
    "when",
    "terminal",
    "conventions",
    "rounds",
    "foo",
    "timeout",
    "reason",
    "subject",
]


def put(root: Any, place: tuple[Any, ...], change: Any) -> None:
    """Change the value at `place`; a dict with one entry `+` adds a field, None removes."""
    for step in place[:-1]:
        root = root[step]
    action, operand = change
    if action == "set":
        root[place[-1]] = copy.deepcopy(operand)
    elif action == "drop":
        del root[place[-1]]
    elif isinstance(root[place[-1]], dict):
        name, value = operand
        root[place[-1]][name] = copy.deepcopy(value)


CHANGES = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(ODD)),
    st.tuples(st.just("drop"), st.none()),
    st.tuples(st.just("add"), st.tuples(st.sampled_from(NAMES), st.sampled_from(ODD))),
)


@settings(max_examples=400)
@given(st.data(), st.integers(1, 3))
def test_schema_and_reader_agree_on_whatever_is_changed(data, count):
    value = copy.deepcopy(EVERY_KIND)
    for _ in range(count):
        put(value, data.draw(st.sampled_from(places(value))), data.draw(CHANGES))
    assert VALIDATOR.is_valid(value) == (not shape_faults(value))


def test_it_lists_the_kinds_and_the_keys():
    assert set(SCHEMA["$defs"]["SeatForm"]["properties"]["kind"]["enum"]) >= set(GIVEN)
    assert set(SCHEMA["$defs"]["ContextKey"]["enum"]) == set(ContextKey)
