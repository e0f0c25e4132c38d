"""Warnings for whoever writes a document."""

import pytest

from runs.reading.lint import lint_of
from tests.documents import document, rule
from tests.house import a_member

pytestmark = pytest.mark.django_db


def counting(rule: str, voters: int):
    return {"kind": "consensus-evaluator", "with": {"rule": rule, "total_voters": voters}}


def warnings(*team) -> str:
    members = {"ada": "lead", "bela": "domain", "chidi": "critic", "olga": "observer"}
    seats = [rule(name, "Hypotheses", f"note:{name}:1", "x") for name in members]
    return "\n".join(lint_of(a_member(), document("d", [*seats, *team], charter={"topology": "panel", "members": members})))


def test_a_team_that_will_not_do_what_its_charter_asks_for():
    told = warnings()
    assert "olga is observer and may not add notes; what olga puts under Hypotheses will not be accepted." in told
    assert "charter.require_round_synthesis: no seat sums up rounds." in told
    assert "charter.require_dissent_map: no seat gathers who dissents." in told
    assert "charter.require_done_gate: no seat counts votes." in told


def test_votes_that_are_counted_in_another_way_than_the_charter_says():
    told = warnings(counting("unanimous", 4))
    assert "team[4].with.rule: unanimous, and the charter says majority." in told
    assert "team[4].with.total_voters: 4, and 3 members may vote." in told
    assert "may vote" not in warnings(counting("majority", 3))
