"""Documents are read strictly, all faults at once, and written back without loss."""

import json
from typing import Any

import pytest

from runs.engine import Budget, ContextKey, GatePolicy
from runs.suggestors import DocumentInvalid, FormationDocument, read_document
from runs.suggestors.document import MOST_PROVIDERS, MOST_SEATS, MOST_SEEDS
from runs.suggestors.forms import LONGEST_ID, LONGEST_NAME
from runs.suggestors.huddle.conventions import MOST_ROUNDS
from runs.suggestors.storable import DEEPEST
from runs.suggestors.text import LARGEST_DOCUMENT
from tests.server import ROOT

EXAMPLE: dict[str, Any] = {
    "schema": "organism.formation/v1",
    "label": "Vendor panel",
    "description": "…",
    "budget": {"max_cycles": 100, "max_facts": 10000, "max_tokens": None, "max_seconds": None, "max_cost_microdollars": None},
    "team": [
        {"kind": "round-starter", "with": {"max_rounds": 3}},
        {"kind": "consensus-evaluator", "with": {"rule": "supermajority", "total_voters": 5}},
        {
            "kind": "rule",
            "name": "echo",
            "enabled": True,
            "on_error": "diagnose",
            "with": {
                "dependencies": ["Seeds"],
                "accepts": [{"has": "Seeds"}, {"lacks_fact": ["Hypotheses", "h1"]}],
                "proposes": [{"key": "Hypotheses", "id": "h1", "text": "seen {count:Seeds}", "confidence": 0.9, "provenance": "demo"}],
            },
        },
    ],
    "seeds": [
        {"key": "Seeds", "id": "s1", "text": "Choose a vendor", "provenance": "operator"},
        {
            "key": "Votes",
            "id": "v1",
            "payload": {
                "family": "converge.governance.vote",
                "version": 1,
                "payload": {"topic": "t", "voter": "ada", "decision": "yes"},
            },
            "provenance": "operator",
        },
    ],
    "gates": {
        "confidence_threshold": 0.8,
        "keys": ["Strategies"],
        "approvers": ["approver"],
        "quorum": 1,
        "timeout": {"seconds": 3600, "action": "reject"},
    },
    "criteria": [],
    "learning": False,
}
RULE = {"kind": "rule", "with": {"proposes": []}}
ALL_KEYS = ", ".join(ContextKey)


def document(**fields: Any) -> str:
    return json.dumps({"schema": "organism.formation/v1", "label": "x", **fields})


def read_example() -> FormationDocument:
    return read_document(json.dumps(EXAMPLE))


def faults(text: str | bytes) -> dict[str, str]:
    """All messages by path."""
    with pytest.raises(DocumentInvalid) as caught:
        read_document(text)
    found: dict[str, str] = {}
    for path, message in caught.value.errors:
        found[path] = f"{found[path]}; {message}" if path in found else message
    return found


def in_rule(**params: Any) -> str:
    return document(team=[{"kind": "rule", "with": {"proposes": [], **params}}])


def proposing(**fields: Any) -> str:
    return in_rule(proposes=[{"key": "Seeds", "id": "a", "provenance": "p", **fields}])


def vote(decision: str) -> dict[str, Any]:
    return {"family": "converge.governance.vote", "version": 1, "payload": {"topic": "t", "voter": "v", "decision": decision}}


def test_it_reads_the_head_of_a_document():
    read = read_example()
    assert (read.schema, read.label, read.description) == ("organism.formation/v1", "Vendor panel", "…")
    assert read.budget == Budget()
    assert read.gates == GatePolicy(0.8, (ContextKey.STRATEGIES,), ("approver",), 1, 3600, "reject")


def test_a_document_needs_a_label_only():
    read = read_document(document())
    assert (read.budget, read.gates, read.team(), read.seeds(), read.learning) == (Budget(), None, [], [], None)


def test_the_name_of_a_seat_is_its_kind_unless_it_has_one():
    assert [suggestor.name for suggestor in read_example().team()] == ["round-starter", "consensus-evaluator", "echo"]


def test_a_team_is_made_afresh_at_every_call():
    read = read_example()
    assert all(one is not other for one, other in zip(read.team(), read.team(), strict=True))


def test_a_disabled_seat_stays_out_of_the_team():
    read = read_document(document(team=[{**RULE, "name": "a", "enabled": False}, {**RULE, "name": "b", "on_error": "fail"}]))
    assert [(one.name, one.on_error) for one in read.team()] == [("b", "fail")]


def test_seeds_keep_their_order_text_and_typed_mixed():
    first, second = read_example().seeds()
    assert (first.text, second.payload.family) == ("Choose a vendor", "converge.governance.vote")


@pytest.mark.parametrize("indent", [None, 2])
def test_json_reads_back_as_the_same_document(indent):
    text = read_example().to_json(indent=indent)
    assert json.loads(text) == EXAMPLE
    assert read_document(text).to_json() == read_example().to_json()


def test_yaml_reads_back_as_the_same_document():
    read = read_document(read_example().to_yaml())
    assert read.to_json() == read_example().to_json()
    assert read.content_hash == read_example().content_hash


def test_the_hash_tells_contents_apart_and_not_layouts():
    spaced = read_document(json.dumps(EXAMPLE, indent=4))
    changed = read_document(json.dumps(EXAMPLE | {"label": "Other"}))
    assert spaced.content_hash == read_example().content_hash != changed.content_hash


def test_a_seed_twice_is_no_fault_if_it_is_equal():
    seed = EXAMPLE["seeds"][0]
    assert len(read_document(document(seeds=[seed, seed])).seeds()) == 2


FAULTS = {
    "unknown field": (document(foo=1), "foo", "unknown field; allowed: schema, label, description, budget"),
    "missing label": ('{"schema": "organism.formation/v1"}', "label", "is required"),
    "blank label": (document(label=" \u2003"), "label", "must not be blank"),
    "other schema": (document(schema="v2"), "schema", "unknown value 'v2'; allowed: organism.formation/v1"),
    "unknown kind": (document(team=[{"kind": "rul"}]), "team[0].kind", "unknown kind 'rul'; allowed: adversarial-review"),
    "missing parameter": (
        document(team=[RULE, {"kind": "consensus-evaluator", "with": {"total_voters": 3}}]),
        "team[1].with.rule",
        "is required; allowed: majority, supermajority, unanimous, lead_decides, advisory_only",
    ),
    "no voters": (
        document(team=[{"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 0}}]),
        "team[0].with.total_voters",
        "must be at least 1, not 0",
    ),
    "missing parameters": (document(team=[{"kind": "round-starter"}]), "team[0].with.max_rounds", "is required"),
    "twin names": (document(team=[RULE, RULE]), "team[1].name", "the name 'rule' is taken by team[0]"),
    "name of a kind": (document(team=[RULE, {**RULE, "kind": "role-stall", "name": "rule"}]), "team[1].name", "the name 'rule' is taken"),
    "odd parameter": (in_rule(**{"an odd one": 1}), 'team[0].with["an odd one"]', "unknown field"),
    "unknown key": (in_rule(dependencies=["Seed"]), "team[0].with.dependencies[0]", f"unknown value 'Seed'; allowed: {ALL_KEYS}"),
    "empty condition": (in_rule(accepts=[{}]), "team[0].with.accepts[0]", "exactly one of has, absent, count_at_least"),
    "half a condition": (in_rule(accepts=[{"has_fact": ["Seeds"]}]), "team[0].with.accepts[0].has_fact", "must have 2 items, not 1"),
    "negative count": (in_rule(accepts=[{"count_below": ["Seeds", -1]}]), "team[0].with.accepts[0].count_below[1]", "must be at least 0"),
    "unknown provider": (document(providers={"web": {"kind": "http"}}), "providers.web.kind", "unknown value 'http'; allowed: scripted"),
    "a provider that does not answer": (
        document(providers={"an oracle": {"kind": "scripted"}}),
        'providers["an oracle"].answers',
        "is required",
    ),
    "odd answer": (
        document(providers={"oracle": {"kind": "scripted", "answers": [{}, {"error": {"kind": "late"}}]}}),
        "providers.oracle.answers[1].error.kind",
        "unknown value 'late'; allowed: rate_limit, transient",
    ),
    "provider without a name": (document(providers={" ": {"kind": "scripted", "answers": []}}), 'providers[" "]', "must not be blank"),
    "no content": (proposing(), "team[0].with.proposes[0]", "exactly one of text, payload must be given"),
    "two contents": (proposing(text="a", payload=vote("yes")), "team[0].with.proposes[0]", "exactly one of text, payload"),
    "blank provenance": (proposing(text="a", provenance=" "), "team[0].with.proposes[0].provenance", "must not be blank"),
    "confidence": (proposing(text="a", confidence=1.5), "team[0].with.proposes[0].confidence", "must be at most 1, not 1.5"),
    "vote in a rule": (
        proposing(payload=vote("maybe")),
        "team[0].with.proposes[0].payload.payload.decision",
        "unknown value 'maybe'; allowed: yes, no, abstain",
    ),
    "vote in a seed": (
        document(seeds=[{"key": "Votes", "id": "v", "provenance": "p", "payload": vote("maybe")}]),
        "seeds[0].payload.payload.decision",
        "unknown value 'maybe'; allowed: yes, no, abstain",
    ),
    "clashing seeds": (
        document(seeds=[{"key": "Seeds", "id": "a", "provenance": "p", "text": text} for text in "aab"]),
        "seeds[2].id",
        "seeds[0] has the same key and id 'a', but differs",
    ),
    "subject": (proposing(text="a", subject="a://b"), "team[0].with.proposes[0].subject", "could not parse subject ref"),
    "long id": (proposing(text="a", id="i" * 501), "team[0].with.proposes[0].id", "must have at most 500 characters, not 501"),
    "budget": (document(budget={"max_cycles": 0}), "budget.max_cycles", "must be at least 1, not 0"),
    "budget type": (document(budget={"max_facts": "9"}), "budget.max_facts", "expected a whole number, not text"),
    "seconds": (document(budget={"max_seconds": 0}), "budget.max_seconds", "must be more than 0, not 0"),
    "gate key": (document(gates={"keys": ["x"]}), "gates.keys[0]", "unknown value 'x'; allowed: Seeds"),
    "gate action": (document(gates={"timeout": {"action": "x"}}), "gates.timeout.action", "unknown value 'x'"),
    "criteria": (document(criteria=[{}]), "criteria[0].id", "is required"),
    "learning": (document(learning=None), "learning", "expected true or false or an object, not null"),
    "many seats": (document(team=[RULE] * 2001), "team", "must have at most 2000 items, not 2001"),
    "decide": (
        document(team=[{"kind": "consensus-evaluator", "with": {"rule": "majority", "total_voters": 1, "decide": {"wen": []}}}]),
        "team[0].with.decide.wen",
        "unknown field; allowed: when",
    ),
    "a list": ("[]", "", "expected an object, not a list"),
    "empty": (" \n", "", "the document is empty"),
    "not JSON": ("{", "", "not JSON: Expecting property name"),
    "not UTF-8": (b'{"label": "\xff"}', "", "the document is not UTF-8: byte 11 is 0xff"),
    "NaN": (document(seeds=[float("nan")]), "seeds[0]", "must be a finite number"),
    "too large a number": (document().replace('"x"', "1e999"), "label", "must be a finite number"),
    "lone surrogate": (document(description="a\ud800"), "description", "holds a lone surrogate at character 1"),
    "surrogate in a name": (document(**{"\udfff": 1}), '["\\udfff"]', "the name of a field holds a lone surrogate"),
    "raw surrogate": ('{"label": "\ud800"}', "", "the document holds a lone surrogate at character 11"),
    "nul": (document(description="a\0"), "description", "must not hold the character U+0000"),
    "wide integer": (document(seeds=[2**64]), "seeds[0]", "does not fit in 64 bits"),
    "very wide integer": (document().replace('"x"', "9" * 5000), "label", "does not fit in 64 bits"),
    "one name twice": ('{"label": "a", "label": "b"}', "label", "stands twice in this object"),
    "very deep": ("[" * 100_000, "", "nested deeper than 64 levels"),
    "huge": (" " * (LARGEST_DOCUMENT + 1), "", "the document has 5000001 bytes; the most is 5000000"),
}


@pytest.mark.parametrize(("text", "path", "message"), FAULTS.values(), ids=FAULTS)
def test_it_says_what_is_wrong_and_where(text, path, message):
    assert message in faults(text).get(path, "nothing")


def test_it_tells_all_faults_at_once():
    found = faults(document(foo=1, budget={"max_cycles": 0}, team=[{"kind": "x"}, {"kind": "round-starter", "with": {"y": 1}}]))
    assert set(found) == {"foo", "budget.max_cycles", "team[0].kind", "team[1].with.max_rounds", "team[1].with.y"}


def test_content_nested_to_the_limit_is_read_and_one_deeper_is_not():
    def seed(levels: int) -> dict[str, Any]:
        value: Any = 1
        for _ in range(levels):
            value = [value]
        return {"key": "Seeds", "id": "a", "provenance": "p", "payload": {"family": "x", "payload": value}}

    assert read_document(document(seeds=[seed(60)])).seeds()
    assert "nested deeper than 64 levels" in str(faults(document(seeds=[seed(61)])))


def test_a_subject_is_brought_into_its_canonical_form():
    seed = {"key": "Seeds", "id": "a", "provenance": "p", "text": "t", "subject": "ACME://Vendor/Id"}
    assert read_document(document(seeds=[seed])).seeds()[0].subject == "acme://vendor/Id"


def test_a_text_that_would_be_blank_is_taken_and_left_to_the_run():
    assert read_document(document(seeds=[{"key": "Seeds", "id": "a", "provenance": "p", "text": " "}])).seeds()


def test_the_limits_stand_in_the_readme():
    limits = {
        "bytes of a document": LARGEST_DOCUMENT,
        "levels of nesting": DEEPEST,
        "seats of a team": MOST_SEATS,
        "seeds": MOST_SEEDS,
        "characters of an id": LONGEST_ID,
        "characters of a label or a name": LONGEST_NAME,
        "providers": MOST_PROVIDERS,
        "rounds of a huddle": MOST_ROUNDS,
    }
    rows = "".join(f"| {what} | {limit} |\n" for what, limit in limits.items())
    assert rows in (ROOT / "README.md").read_text()


def test_providers_answer_as_the_document_says_and_are_written_back():
    providers = {"oracle": {"kind": "scripted", "answers": [{"input": {"b": 1, "a": None}, "output": 1.0}], "hidden": ["password"]}}
    read = read_document(document(providers=providers))
    assert json.loads(read.to_json())["providers"] == json.loads(read_document(read.to_yaml()).to_json())["providers"] == providers
    assert (list(read.providers()), read.providers()["oracle"].terms.hidden) == (["oracle"], ["password"])
    assert read_document(document()).providers() == {}
