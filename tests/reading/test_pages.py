"""Lists and heads, as the pages read them."""

import pytest

from runs.reading import formations, gates, runs
from runs.reading.events import EventFilter, events_before
from runs.reading.seats import seats_of
from tests.conducted import GATED, HUDDLE, SPENT, conducted
from tests.house import a_member, a_run


@pytest.fixture
def member(db):
    return a_member()


def test_meters_show_time_only_where_it_is_limited(member):
    unlimited = runs.RunHead(conducted(member, SPENT))
    limited = runs.RunHead(conducted(member, {**SPENT, "label": "Timed", "budget": {"max_seconds": 5}}))
    assert [meter.name for meter in unlimited.meters] == ["cycles", "facts"]
    assert [meter.name for meter in limited.meters] == ["cycles", "facts", "time"]


def test_a_spent_meter_is_tight(member):
    cycles, facts = runs.RunHead(conducted(member, SPENT)).meters
    assert (cycles.is_tight, facts.is_tight) == (True, False)


def test_who_failed_three_times_is_named(member):
    run = a_run()
    run.activity.model.objects.bulk_create(
        run.activity.model(run=run, cycle=cycle, suggestor=name, error="broke")
        for name, times in (("eve", 3), ("ada", 2))
        for cycle in range(times)
    )
    assert runs.RunHead(run).benched == ["eve"]


def test_events_before_a_place_are_the_newest_that_match(member):
    run = conducted(member, HUDDLE)
    page = events_before(run, EventFilter(kind="FactPromoted"), limit=2)
    assert (len(page.bodies), page.more) == (2, True)
    assert all('"kind":"FactPromoted"' in body for body in page.bodies)


def test_formations_show_their_last_runs(member):
    newest = [conducted(member, SPENT) for _ in range(7)][::-1]
    (card,) = formations.formations_of(member)
    assert [run.pk for run in card.runs] == [run.pk for run in newest[: formations.LAST]]


def test_a_seat_says_what_it_listens_to_and_writes(db):
    seats = {seat.name: seat for seat in seats_of(HUDDLE)}
    assert (seats["ada"].listens, seats["ada"].writes) == (["Signals"], ["Hypotheses"])
    assert (seats["consensus-evaluator"].listens, seats["consensus-evaluator"].writes) == (["Votes"], ["ConsensusOutcomes", "Diagnostic"])


def test_people_listen_and_write_as_well_and_unknown_kinds_say_nothing(db):
    asked = {"kind": "human", "with": {"ask": "cfo@acme.example", "wants": "vote", "topic": "s1"}}
    after = {"kind": "human", "name": "later", "with": asked["with"] | {"wants": "note", "when": [{"has": "Signals"}]}}
    human, later, gone, wrong = seats_of({"team": [asked, after, {"kind": "gone"}, {"kind": "human", "name": "x", "with": {"ask": 3}}]})
    assert (human.listens, human.writes) == (["Seeds"], ["Votes", "Diagnostic"])
    assert (later.listens, later.writes) == (["Seeds", "Signals"], ["Hypotheses", "Diagnostic"])
    assert (gone.listens, gone.writes, wrong.listens) == ([], [], [])


def test_waiting_gates_are_those_of_the_tenant(member):
    run, stranger = conducted(member, GATED), a_member(of="elsewhere")
    assert [view.gate.run_id for view in gates.gates_waiting(member)] == [run.pk]
    assert (gates.gates_waiting(stranger), gates.count_waiting(stranger)) == ([], 0)


def test_lists_leave_the_large_documents_where_they_are(member):
    conducted(member, SPENT)
    (listed,) = runs.runs_of(member).runs
    (card,) = formations.formations_of(member)
    assert "document" in listed.version.get_deferred_fields()
    assert "document" in card.runs[0].version.get_deferred_fields()


def test_a_formation_is_listed_with_its_newest_version(member):
    version = conducted(member, SPENT).version
    newer = version.formation.versions.create(number=2, document=version.document, content_hash="1" * 64, author="ada")
    assert [card.version for card in formations.formations_of(member)] == [newer]
