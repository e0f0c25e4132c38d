"""Dissent by topic, mapped once."""

import pytest

from runs.engine import ContextKey
from runs.suggestors.conditions import condition_of
from runs.suggestors.huddle import DisagreementMapper
from tests.suggestors.teams import Script, context_of, dissent, ids, run, text

DIAGNOSTIC, DISAGREEMENTS = ContextKey.DIAGNOSTIC, ContextKey.DISAGREEMENTS


def test_it_gathers_dissent_by_topic_in_ascending_order():
    result = run([DisagreementMapper()], dissent("b", "ada"), dissent("a", "bob", "too dear"), dissent("b", "cy"))
    first, second = result.context.get(DIAGNOSTIC)
    assert (first.id, first.payload.family, first.provenance) == (
        "disagreement_map:a",
        "organism.huddle.disagreement_map",
        "organism-runtime",
    )
    assert first.payload.json == '{"topic":"a","entries":[{"topic":"a","dissenter":"bob","reason":"too dear"}]}'
    assert [entry["dissenter"] for entry in second.payload.value["entries"]] == ["ada", "cy"]


def test_late_dissent_on_a_mapped_topic_is_left_out_as_in_the_original():
    result = run([DisagreementMapper(), Script([dissent("a", "ada")], [dissent("b", "bob")], [dissent("a", "cy")])])
    assert ids(result, DIAGNOSTIC) == ["disagreement_map:a", "disagreement_map:b"]


def test_with_when_it_waits_and_maps_what_is_there():
    when = [condition_of({"has_fact": ["Signals", "done"]})]
    script = Script([dissent("a", "ada")], [dissent("a", "cy")], [text(ContextKey.SIGNALS, "done")])
    (mapped,) = run([script, DisagreementMapper(when=when)]).context.get(DIAGNOSTIC)
    assert [entry["dissenter"] for entry in mapped.payload.value["entries"]] == ["ada", "cy"]


def test_another_output_key_takes_the_maps():
    assert ids(run([DisagreementMapper(output_key=ContextKey.EVALUATIONS)], dissent("a", "ada")), ContextKey.EVALUATIONS) == [
        "disagreement_map:a"
    ]


def test_maps_among_the_disagreements_are_not_read_as_dissent():
    assert len(ids(run([DisagreementMapper(output_key=DISAGREEMENTS)], dissent("a", "ada")), DISAGREEMENTS)) == 2


def test_other_payloads_are_no_dissent():
    assert ids(run([DisagreementMapper()], text(DISAGREEMENTS, "x")), DIAGNOSTIC) == []


@pytest.mark.parametrize("id", ["disagreement_map:a", "hitl-rejected:disagreement_map:a"])
def test_it_remembers_nothing_and_looks_at_the_context(id):
    assert not DisagreementMapper().accepts(context_of(dissent("a", "ada"), text(DIAGNOSTIC, id)))
