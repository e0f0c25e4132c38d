"""Tournaments: runs on the same seeds, scored once when the last one ends."""

import json
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from runs.actions.runs import cancel_run
from runs.actions.tournaments import UnableToStartTournament, start_tournament
from runs.actions.verifications import verify_run
from runs.journal import rebuild
from runs.journal.tournaments import conclude
from runs.models import AuditEntry, Entrant, FormationVersion, Prior, Run, Tournament
from runs.reading.tournaments import tournament_of
from runs.runner import carry, carry_out, claim, new_lease
from runs.suggestors.problems import DocumentInvalid
from tests.documents import chain, document, rule
from tests.house import a_member, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
FOUND = {"id": "found", "description": "It is found", "met": [{"has_fact": ["Hypotheses", "h"]}]}
MISSED = {"id": "missed", "met": [{"has": "Votes"}], "required": False}


def finder(label: str = "Finder", **parts: Any) -> str:
    return document(label, [rule("ada", "Hypotheses", "h", "found")], **parts)


def started(*documents: str, seeds: str = "") -> Tournament:
    return start_tournament(by=a_member(), versions=[a_version(text, slug=f"f{n}") for n, text in enumerate(documents)], seeds=seeds)


def carried(tournament: Tournament) -> Any:
    """The scoreboard when nobody has anything to do any more."""
    while (run := claim(timezone.now())) is not None:
        carry(run)
    return tournament_of(a_member(), tournament.pk)


def verified(run: Run) -> str:
    return str(carry_out(verify_run(by=a_member(), run=run, lease=new_lease())))


def test_the_best_formation_wins_and_all_are_scored():
    board = carried(started(chain(5), finder(criteria=[FOUND, MISSED]), finder("Other")))
    assert [(line.place, line.run.label, line.entrant.number) for line in board.lines] == [
        (1, "Finder", 2), (2, "Other", 3), (3, "Chain of 5", 1),
    ]  # fmt: skip
    assert (board.is_over, board.winner.score.criteria_met, board.winner.score.criteria_total) == (True, 1, 2)
    assert board.winner.entrant.score == pytest.approx(0.6 + 0.2 * (1 - 2 / 50) + 0.2 * 0.5)


def test_it_is_scored_with_the_last_run_and_not_before():
    tournament = started(chain(1), chain(2))
    carry(claim(timezone.now()))
    assert not tournament_of(a_member(), tournament.pk).is_over
    carry(claim(timezone.now()))
    assert tournament_of(a_member(), tournament.pk).is_over


def test_it_is_scored_once():
    tournament = started(finder())
    board = carried(tournament)
    conclude(Tournament.objects.get())
    assert tournament_of(a_member(), tournament.pk).tournament.finished_at == board.tournament.finished_at
    assert set(Prior.objects.values_list("evidence_count", flat=True)) == {1}


def test_what_it_taught_is_kept_and_gone_on_from():
    first, second = carried(started(finder())), carried(started(finder()))
    assert [prior["posterior_confidence"] for prior in first.tournament.learnt] == [0.75, 0.75, 0.73]
    assert [prior["evidence_count"] for prior in second.tournament.learnt] == [2, 2, 2]
    assert Prior.objects.get(assumption_type="cycle_efficiency").prior_confidence == 0.73


def test_who_fails_is_kept_with_the_error():
    board = carried(started(chain(9, budget={"max_cycles": 2}), finder()))
    assert [(line.run.status, line.place, line.entrant.score is None) for line in board.lines] == [
        ("converged", 1, False), ("exhausted", None, True),
    ]  # fmt: skip
    assert board.lines[1].error == "Budget spent: 2 of 2 cycles"


def test_when_all_fail_nobody_wins_and_nothing_is_learnt():
    board = carried(started(chain(9, budget={"max_cycles": 2})))
    assert (board.is_over, board.winner, Prior.objects.count()) == (True, None, 0)


def test_cancelling_the_last_run_ends_it_as_well():
    tournament = started(finder(), finder("Other"))
    carry(claim(timezone.now()))
    cancel_run(by=a_member(), run=Run.objects.get(label="Other"))
    board = tournament_of(a_member(), tournament.pk)
    assert (board.winner.run.label, board.lines[1].error) == ("Finder", "Cancelled by a person")


SEEDS = "- {key: Seeds, id: q, text: Choose a boat, provenance: ada}\n"


@pytest.mark.parametrize(("seeds", "expected"), [("", ["s1"]), (SEEDS, ["q"])], ids=["those-of-the-first", "given"])
def test_all_begin_with_the_same_seeds_and_verify(seeds, expected):
    other = {"key": "Seeds", "id": "own", "text": "Mine", "provenance": "bob"}
    carried(started(finder(), finder("Other", seeds=[other], learning=True), seeds=seeds))
    for run in Run.objects.all():
        assert list(run.facts.filter(key="Seeds").values_list("fact_id", flat=True)) == expected
        assert verified(run) == "verified"


@pytest.mark.parametrize("seeds", ["{", "seeds", "- {key: Nowhere}"])
def test_seeds_that_are_none_are_refused(seeds):
    with pytest.raises(DocumentInvalid):
        started(finder(), seeds=seeds)
    assert not Run.objects.exists()


def test_it_is_started_whole_or_not_at_all():
    gated = finder("Gated", gates={"keys": ["Hypotheses"], "approvers": ["cfo@acme.example"]})
    with pytest.raises(UnableToStartTournament, match="a gate needs 1 approval"):
        started(finder(), gated)
    assert (Tournament.objects.count(), Run.objects.count(), Entrant.objects.count()) == (0, 0, 0)


def test_the_owner_starts_a_viewer_may_not_and_a_strangers_formation_is_not_there():
    mine, theirs = a_version(finder()), a_version(finder(), of="other")
    with pytest.raises(UnableToStartTournament, match="your role does not allow"):
        start_tournament(by=a_member("viewer"), versions=[mine])
    with pytest.raises(FormationVersion.DoesNotExist):
        start_tournament(by=a_member(), versions=[mine, theirs])
    assert not Run.objects.exists()
    start_tournament(by=a_member("operator"), versions=[mine])
    entry = AuditEntry.objects.get(action="start_tournament")
    assert (entry.actor, json.loads(entry.after)) == ("operator@acme.example", {"formations": [str(mine)]})


@pytest.mark.parametrize("number", [0, 21])
def test_there_is_a_limit_to_how_many_compete(number):
    with pytest.raises(UnableToStartTournament, match="from 1 to 20 formations"):
        start_tournament(by=a_member(), versions=[a_version()] * number)


def test_criteria_stand_in_the_journal_and_come_out_again():
    board = carried(started(finder(criteria=[FOUND, MISSED])))
    run = Run.objects.get()
    assert json.loads(run.stop_reason) == {"CriteriaMet": {"criteria": ["found"]}}
    assert json.loads(run.criteria)[0]["result"] == {"Met": {"evidence": ["h"]}}
    assert (verified(run), rebuild(run), board.winner.score.criteria_total) == ("verified", [], 2)


@pytest.mark.django_db(transaction=True)
def test_of_runs_that_end_at_the_same_moment_one_scores_it():
    tournament = started(finder(), finder("Other"), finder("Third"))
    runs = [claim(timezone.now()) for _ in range(3)]
    barrier = threading.Barrier(3)

    def end(run: Run) -> None:
        try:
            barrier.wait(20)
            carry(run)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    board = tournament_of(a_member(), tournament.pk)
    assert (board.is_over, [line.place for line in board.lines]) == (True, [1, 2, 3])
    assert set(Prior.objects.values_list("evidence_count", flat=True)) == {1}
