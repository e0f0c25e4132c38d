"""Parameters, JSON Schema, form and docs of a kind say the same."""

import msgspec
import pytest

from runs.engine import ContextKey
from runs.pages.fields import answer_fields
from runs.suggestors import document_schema, kinds
from runs.suggestors.catalogue import entry_of, parameters
from tests.server import ROOT
from tests.suggestors.test_registry import GIVEN

SCHEMA = document_schema()
NAMES = list(kinds())


def seat_rule(name):
    """What the schema of documents says of the parameters of a kind."""
    rules = SCHEMA["$defs"]["SeatForm"]["allOf"]
    then = next(rule["then"] for rule in rules if rule["if"]["properties"]["kind"]["const"] == name)
    return SCHEMA["$defs"][then["properties"]["with"]["$ref"].rpartition("/")[2]], then.get("required", [])


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_of_documents_knows_the_parameters_that_the_reader_takes(name):
    fields = {field.encode_name: field for field in msgspec.structs.fields(kinds()[name].params)}
    form, needed = seat_rule(name)
    assert list(form["properties"]) == list(fields) == [one.name for one in parameters(kinds()[name])]
    assert form["required"] == [name for name, field in fields.items() if field.required]
    assert bool(needed) is bool(form["required"])
    assert form["additionalProperties"] is False


@pytest.mark.parametrize("name", NAMES)
def test_the_catalogue_tells_descriptions_types_and_defaults_that_the_reader_accepts(name):
    told = parameters(kinds()[name])
    assert all(one.description and one.type for one in told)
    given = {one.name: one.default for one in told if one.default is not msgspec.UNSET}
    needed = {one.name: GIVEN[name][one.name] for one in told if one.required}
    params = kinds()[name].params
    assert msgspec.convert(needed | given, params) == msgspec.convert(needed, params)


@pytest.mark.parametrize("name", NAMES)
def test_a_form_has_a_field_for_each_parameter_or_takes_them_as_json(name):
    form, _ = seat_rule(name)
    fields = answer_fields(form)
    plain = all(field.kind != "json" for field in fields)
    assert [field.name for field in fields] == (list(form["properties"]) if plain and form["properties"] else [""])
    assert [field.name for field in fields if field.required and field.name] == (form["required"] if plain else [])


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_has_its_row(name):
    assert f"| `{name}` | {kinds()[name].summary} |" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_what_it_reads_and_writes_are_keys_unless_it_depends(name):
    entry = entry_of(kinds()[name])
    for keys in (entry.reads, entry.writes):
        assert keys is None or (set(keys) <= set(ContextKey) and (keys or name == "rule"))
    assert (entry.package, entry.missing) == (None, None)


def test_types_in_words():
    told = {f"{name}.{one.name}": one.type for name, kind in kinds().items() for one in parameters(kind)}
    assert told["economic-skeptic.skepticism_threshold"] == "a number, at least 0, at most 1"
    assert told["consensus-evaluator.total_voters"] == "a whole number, at least 1"
    assert told["disagreement-mapper.output_key"] == "a context key"
    assert told["gap-detector.categories"] == "a list of: text"
    assert told["human.round"] == "a whole number, at least 1, at most 255 or null"
    assert told["constraint-checker.constraints"] == "a list of: an object (OrgConstraint)"
