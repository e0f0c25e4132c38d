"""Reasons in the drawer, what was refused, and the time machine."""

import pytest

from tests.conducted import HUDDLE, conducted, document, says, started
from tests.pages.test_runs import text_of


def tab(client, run, query: str) -> str:
    return text_of(client.get(f"/t/acme/runs/{run.uuid}/?{query}"))


def why(client, run, fact: str) -> str:
    return text_of(client.get(f"/t/acme/runs/{run.uuid}/why/", {"fact": fact}))


def thing(client, run, selected: str) -> str:
    return text_of(client.get(f"/t/acme/runs/{run.uuid}/thing/", {"selected": selected}))


def test_a_row_of_the_context_leads_to_its_reasons(client, huddle):
    assert 'data-opens="fact:Votes/vote:lunch:ada"' in client.get(f"/t/acme/runs/{huddle.uuid}/?tab=context&key=Votes").content.decode()
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


def test_what_was_refused_and_who_sleeps_stands_beside_the_keys(client, owner):
    seats = [says("ada", "Hypotheses", "h", text=" "), says("bob", "Strategies", "st", text="x", after=["Hypotheses", "h"])]
    run = conducted(owner, document("Blank", seats))
    assert "h Hypotheses content cannot be empty" in tab(client, run, "tab=context&key=refused")
    assert "Hypotheses/h is missing" in tab(client, run, "tab=context&key=asleep")
    said = thing(client, run, f"refused:{run.rejections.get().seq}")
    assert "A text that is not blank would have passed." in said


def test_the_drawer_says_why_something_is_not_there(client, gated):
    assert "It waits at gate hitl-1-0-plan-a for a decision." in thing(client, gated, "fact:Strategies/plan-a")
    assert "No seat of the team" in thing(client, gated, "fact:Votes/none")


@pytest.mark.parametrize("name", ["0", "x", "9" * 30, ""])
def test_no_refusal_stands_elsewhere(client, huddle, name):
    assert client.get(f"/t/acme/runs/{huddle.uuid}/thing/", {"selected": f"refused:{name}"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("tab=why&fact=Votes/none", "?tab=context&selected=fact%3AVotes%2Fnone"),
        ("tab=why", "?tab=context&key=refused"),
        ("tab=replay&cycle=3&key=Votes", "?tab=context&at=3&key=Votes"),
    ],
)
def test_addresses_of_tabs_that_moved_lead_on(client, huddle, asked, leads):
    answer = client.get(f"/t/acme/runs/{huddle.uuid}/?{asked}")
    assert (answer.status_code, answer["Location"]) == (302, f"/t/acme/runs/{huddle.uuid}/{leads}")


def test_the_time_machine_shows_a_cycle_as_it_was(client, huddle):
    first = tab(client, huddle, "tab=context&at=0&key=Seeds")
    assert "After cycle 0 2 added, none refused, none changed; 2 facts by then" in first
    assert "Shall we have lunch outside?" in first
    assert "vote:lunch:ada" not in first
    second = tab(client, huddle, "tab=context&at=1")
    assert "vote:lunch:ada" in second
    assert "note:ada:1" not in second
    assert "nothing added" in tab(client, huddle, "tab=events&at=4")


@pytest.mark.parametrize(("at", "shown"), [("99", "After cycle 4"), ("", ""), ("x", ""), ("-3", ""), ("99999999999999999999", "")])
def test_nonsense_leads_to_the_end(client, huddle, at, shown):
    said = tab(client, huddle, f"tab=context&at={at}")
    assert shown in said
    assert ("After cycle" in said) == bool(shown)


def test_a_cycle_says_what_it_refused(client, owner):
    run = conducted(owner, document("Blank", [says("ada", "Hypotheses", "h", text=" ")]))
    assert "1 refused" in tab(client, run, "at=1")


def test_a_run_that_has_not_begun_has_no_facts(client, owner):
    assert "No facts yet" in tab(client, started(owner, HUDDLE), "tab=context")


def test_a_waiting_cycle_is_shown_with_its_gate(client, gated):
    assert "hitl-1-0-plan-a pending" in tab(client, gated, "at=1")


def test_markup_in_reasons_is_shown_as_text(client, owner):
    evil = "<script>alert(1)</script>"
    run = conducted(
        owner, document("Evil", [says("ada", "Hypotheses", evil, text=" "), says(evil, "Signals", evil, text="x", after=["Votes", evil])])
    )
    for query in ("tab=context&key=refused", "tab=context&key=asleep", "at=1", f"tab=context&q=Signals/{evil}", f"tab=context&q={evil}"):
        assert evil not in client.get(f"/t/acme/runs/{run.uuid}/?{query}").content.decode()
