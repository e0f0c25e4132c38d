"""The Why tab, the reasons in a fact's row, and the stepper."""

import pytest

from tests.conducted import HUDDLE, conducted, document, says, started
from tests.pages.test_runs import text_of


def tab(client, run, query: str) -> str:
    return text_of(client.get(f"/t/acme/runs/{run.uuid}/?{query}"))


def why(client, run, fact: str) -> str:
    return text_of(client.get(f"/t/acme/runs/{run.uuid}/why/", {"fact": fact}))


def test_a_row_of_the_context_leads_to_its_reasons(client, huddle):
    assert (
        f"/t/acme/runs/{huddle.uuid}/why/?fact=Votes/vote%3Alunch%3Aada"
        in client.get(f"/t/acme/runs/{huddle.uuid}/?tab=context&key=Votes").content.decode()
    )
    said = why(client, huddle, "ConsensusOutcomes/outcome:lunch")
    assert "says that it rests on 3 facts" in said
    assert "Votes/vote:lunch:cleo" in said
    assert "Seeds/brief a seed" in said


def test_a_fact_that_declares_nothing_says_what_could_be_seen(client, huddle):
    assert "did not say what it rests on; it could see 2 under Seeds" in why(client, huddle, "Votes/vote:lunch:ada")


@pytest.mark.parametrize(
    ("fact", "words"), [("lunch", "KEY/ID is wanted"), ("", "KEY/ID is wanted"), ("Votes/none", "No seat of the team")]
)
def test_what_is_no_fact_is_answered_in_words(client, huddle, fact, words):
    assert words in why(client, huddle, fact)


def test_the_tab_lists_what_was_refused_and_who_sleeps(client, owner):
    seats = [says("ada", "Hypotheses", "h", text=" "), says("bob", "Strategies", "st", text="x", after=["Hypotheses", "h"])]
    said = tab(client, conducted(owner, document("Blank", seats)), "tab=why")
    assert "Hypotheses h content cannot be empty" in said
    assert "bob rule no fact under Hypotheses" in said or "bob no fact under Hypotheses" in said or "Hypotheses/h is missing" in said


def test_the_tab_answers_a_question(client, gated):
    assert "It waits at gate hitl-1-0-plan-a for a decision." in tab(client, gated, "tab=why&fact=Strategies/plan-a")
    assert "A seed: the run began with it." in tab(client, gated, "tab=why&fact=Seeds/lunch")


def test_the_stepper_shows_a_cycle_as_it_was(client, huddle):
    first = tab(client, huddle, "tab=replay&cycle=0&key=Seeds")
    assert "Cycle 0 of 4" in first
    assert "2 facts by then" in first
    assert "Shall we have lunch outside?" in first
    assert "vote:lunch:ada" not in first
    second = tab(client, huddle, "tab=replay&cycle=1")
    assert "vote:lunch:ada" in second
    assert "note:ada:1" not in second
    assert "Nothing." in tab(client, huddle, "tab=replay&cycle=4")


@pytest.mark.parametrize(("cycle", "shown"), [("", "4"), ("99", "4"), ("x", "4"), ("-3", "4"), ("99999999999999999999", "4")])
def test_nonsense_leads_to_the_last_cycle(client, huddle, cycle, shown):
    assert f"Cycle {shown} of 4" in tab(client, huddle, f"tab=replay&cycle={cycle}")


def test_a_run_that_has_not_begun_has_no_steps(client, owner):
    assert "Nothing to replay yet" in tab(client, started(owner, HUDDLE), "tab=replay")


def test_a_waiting_cycle_is_shown_with_its_gate(client, gated):
    assert "hitl-1-0-plan-a pending" in tab(client, gated, "tab=replay&cycle=1")


def test_markup_in_reasons_is_shown_as_text(client, owner):
    evil = "<script>alert(1)</script>"
    run = conducted(
        owner, document("Evil", [says("ada", "Hypotheses", evil, text=" "), says(evil, "Signals", evil, text="x", after=["Votes", evil])])
    )
    for query in ("tab=why", "tab=replay", f"tab=why&fact=Signals/{evil}", f"tab=why&fact={evil}"):
        assert evil not in client.get(f"/t/acme/runs/{run.uuid}/?{query}").content.decode()
