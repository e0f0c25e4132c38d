"""Charters: what a team must be like, told before it begins."""

import json
from typing import Any

import pytest

from runs.suggestors import read_document
from runs.suggestors.charters import RIGHTS, STANDARD, Role
from tests.server import ROOT
from tests.suggestors.test_document import document, faults

HUDDLE = {"ada": "lead", "bela": "domain", "chidi": "critic", "dana": "synthesizer"}
# Role: contributes, votes, writes the report.
RIGHTS_OF_THE_ORIGINAL = {
    "lead": (1, 1, 1),
    "domain": (1, 1, 0),
    "critic": (1, 1, 0),
    "synthesizer": (1, 0, 1),
    "judge": (0, 1, 0),
    "report_writer": (0, 0, 1),
    "moderator": (0, 0, 0),
    "generalist": (1, 1, 1),
    "observer": (0, 0, 0),
}
# Mode, discipline, cadence, rule, fewest; turns, synthesis, dissent, done, owner; roles.
CHARTERS_OF_THE_ORIGINAL = {
    "huddle": ("capability_matched", "enforced", "round_robin", "majority", 3, "11111", "lead domain critic synthesizer"),
    "discussion_group": (
        *("capability_matched", "moderated", "moderator_then_round_robin", "advisory_only", 3, "11001"),
        "moderator domain generalist",
    ),
    "panel": ("curated", "enforced", "lead_then_round_robin", "majority", 3, "11111", "lead domain critic"),
    "self_organizing": ("open_call", "loose", "figure_it_out", "advisory_only", 1, "01011", "generalist"),
}


def seat(name: str) -> dict[str, Any]:
    return {"kind": "rule", "name": name, "with": {"proposes": []}}


def chartered(members: dict[str, Any], topology: str = "huddle", seats: Any = None, **terms: Any) -> str:
    team = [seat(name) for name in (members if seats is None else seats)]
    return document(team=team, charter={"topology": topology, "members": members, **terms})


def test_roles_have_the_rights_of_the_original():
    told = {role: (rights.contributes, rights.votes, rights.writes_report) for role, rights in RIGHTS.items()}
    assert told == RIGHTS_OF_THE_ORIGINAL


@pytest.mark.parametrize("name", STANDARD)
def test_charters_ask_for_what_those_of_the_original_ask_for(name):
    terms = STANDARD[name]
    flags = (terms.require_explicit_turns, terms.require_round_synthesis, terms.require_dissent_map)
    flags += (terms.require_done_gate, terms.require_report_owner)
    rest = (terms.formation_mode, terms.discipline, terms.cadence, terms.consensus_rule, terms.minimum_members)
    assert (*rest, "".join(str(int(flag)) for flag in flags), " ".join(terms.expected_roles)) == CHARTERS_OF_THE_ORIGINAL[name]


FAULTS = {
    "too few members": (chartered({"ada": "lead"}), "charter.members", "too few members: a huddle needs at least 3, not 1"),
    "mode": (
        chartered(HUDDLE, mode="open_call"),
        "charter.mode",
        "the members of this huddle must be capability matched, not open call",
    ),
    "missing role": (
        chartered({"ada": "lead", "bela": "domain", "chidi": "domain"}),
        "charter.members",
        "a role is missing: nobody is critic; a role is missing: nobody is synthesizer",
    ),
    "no voters": (
        chartered({"ada": "synthesizer"}, "self_organizing", expected_roles=[]),
        "charter.members",
        "no voters: nobody has a role",
    ),
    "no report owner": (
        chartered({"ada": "judge"}, "self_organizing", expected_roles=[]),
        "charter.members",
        "no report owner: nobody has a role that may write the report",
    ),
    "no such seat": (chartered(HUDDLE, seats=["ada", "bela", "chidi"]), "charter.members.dana", "no seat is named 'dana'"),
    "no such seats": (
        chartered(HUDDLE | {"dana": {"role": "synthesizer", "seats": ["d1", "d2"]}}, seats=["ada", "bela", "chidi", "d1"]),
        "charter.members.dana.seats[1]",
        "no seat is named 'd2'",
    ),
    "one seat for two": (
        chartered(HUDDLE | {"dana": {"role": "synthesizer", "seats": ["ada"]}}),
        "charter.members.dana.seats[0]",
        "the seat 'ada' is taken by ada",
    ),
    "unknown role": (chartered({"ada": "boss"}), "charter.members.ada", "unknown value 'boss'; allowed: lead, domain, critic"),
    "unknown topology": (chartered(HUDDLE, "mob"), "charter.topology", "unknown value 'mob'; allowed: discussion_group, huddle, panel"),
    "unknown field": (chartered(HUDDLE, rounds=2), "charter.rounds", "unknown field; allowed: topology, members, mode"),
}


@pytest.mark.parametrize(("text", "path", "message"), FAULTS.values(), ids=FAULTS)
def test_it_says_what_is_wrong_and_where(text, path, message):
    assert message in faults(text).get(path, "nothing")


def test_what_is_wrong_is_told_in_the_order_of_the_original():
    text = chartered({"ada": "observer"}, mode="open_call", expected_roles=["critic", "lead"])
    told = " ".join(faults(text).values())
    order = ["too few", "is critic", "is lead", "no voters", "no report owner", "must be capability"]
    assert [told.index(words) for words in order] == sorted(told.index(words) for words in order)


def test_where_discipline_is_not_enforced_members_may_be_found_in_any_way():
    members = {"ada": "moderator", "bela": "domain", "chidi": "generalist"}
    assert read_document(chartered(members, "discussion_group", mode="open_call")).charter.mode == "open_call"


def test_terms_of_the_topology_may_be_changed_one_by_one():
    charter = read_document(chartered({"ada": "lead"}, minimum_members=1, expected_roles=["lead"], cadence="figure_it_out")).charter
    assert (charter.terms.minimum_members, charter.terms.cadence, charter.terms.discipline) == (1, "figure_it_out", "enforced")
    assert (charter.voters, charter.contributors, charter.report_owner) == (["ada"], ["ada"], "ada")


def test_it_reads_back_as_it_was_written():
    text = chartered(HUDDLE | {"dana": {"role": "synthesizer", "seats": ["dana"]}}, minimum_members=2)
    assert json.loads(read_document(text).to_json()) == json.loads(text)
    assert read_document(read_document(text).to_yaml()).content_hash == read_document(text).content_hash


def test_members_of_ready_teams_may_sit_at_the_table():
    charter = {"topology": "self_organizing", "members": {"planning-prior": "generalist"}}
    assert read_document(document(team=[{"team": "priors"}], charter=charter)).team()[0].name == "planning-prior"


def yes(flag: bool) -> str:
    return "yes" if flag else "–"


def test_roles_and_charters_stand_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    roles = "".join(f"| {role} | {yes(r.contributes)} | {yes(r.votes)} | {yes(r.writes_report)} |\n" for role, r in RIGHTS.items())
    rows = ""
    for name, terms in STANDARD.items():
        wanted = (terms.formation_mode, terms.discipline, terms.cadence, terms.consensus_rule, terms.minimum_members)
        rows += f"| {name} | {' | '.join(map(str, wanted))} | {', '.join(terms.expected_roles)} |\n"
    assert roles in readme
    assert rows in readme
    assert set(RIGHTS) == set(Role)
