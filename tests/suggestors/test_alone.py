"""Kinds of which a team has one at most, as ids of what they say do not tell who said it."""

import msgspec
import pytest

from runs.suggestors import document_of, kinds
from runs.suggestors.judging import Judge
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.summing import Summing
from tests.suggestors.test_registry import GIVEN

ALONE = [name for name, kind in kinds().items() if kind.alone]


def team(*seats):
    return document_of({"schema": "organism.formation/v1", "label": "L", "team": list(seats)})


def seat(kind, name, **fields):
    return {"kind": kind, "name": name, "with": GIVEN[kind]} | fields


@pytest.mark.parametrize("kind", ALONE)
def test_a_second_one_is_refused_and_both_seats_are_named(kind):
    with pytest.raises(DocumentInvalid) as told:
        team(seat(kind, "ada"), {"kind": "problem-classifier"}, seat(kind, "bob"))
    assert list(told.value.errors) == [
        (
            "team[2].kind",
            f"a team has one '{kind}' at most, and team[0] ('ada') is it; 'bob' would judge under the same ids",
        )
    ]


def test_one_beside_a_ready_team_is_refused_too():
    with pytest.raises(DocumentInvalid, match=r"team\[1\].team: a team has one 'economic-skeptic' at most, and team\[0\] \('mine'\)"):
        team(seat("economic-skeptic", "mine"), {"team": "adversarial"})


@pytest.mark.parametrize("enabled", [(True, False), (False, True), (False, False)])
def test_one_that_stays_away_is_in_nobodys_way(enabled):
    seats = [seat("economic-skeptic", name, enabled=one) for name, one in zip("ab", enabled, strict=True)]
    assert len(team(*seats).team()) == sum(enabled)


def test_it_is_true_of_all_that_judge_or_sum_up():
    built = {name: kind.build(msgspec.convert(GIVEN[name], kind.params), name) for name, kind in kinds().items()}
    assert {name for name, one in built.items() if isinstance(one, Judge | Summing)} <= set(ALONE)
    assert "rule" not in ALONE
