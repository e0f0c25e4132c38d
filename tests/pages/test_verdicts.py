"""The badge of a verification, and the button that asks for one."""

from django.utils import timezone

from runs.models import Role, Verification
from runs.runner import carry_out, claim_verification
from tests.altering import alter
from tests.conducted import HUDDLE, started
from tests.house import a_member
from tests.pages.test_runs import text_of


def ask(client, run):
    return client.post(f"/t/acme/runs/{run.uuid}/verify/", follow=True)


def do_what_was_asked() -> None:
    carry_out(claim_verification(timezone.now()))


def shown(client, run) -> str:
    return text_of(client.get(f"/t/acme/runs/{run.uuid}/verdict/"))


def test_asking_leaves_the_work_to_the_worker(client, huddle):
    assert "verifying" in text_of(ask(client, huddle))
    assert Verification.objects.get().verdict == "asked"
    do_what_was_asked()
    assert "verified" in shown(client, huddle)
    assert "Verify again" in shown(client, huddle)


def test_what_diverged_is_shown_with_both_sides(client, huddle):
    alter(huddle, huddle.facts.get(fact_id="note:ada:1").seq, "It is warm", "It is cold")
    ask(client, huddle)
    do_what_was_asked()
    said = shown(client, huddle)
    assert "diverged at cycle 2, Hypotheses/note:ada:1" in said
    assert said.index("It is cold") < said.index("It is warm")


def test_only_while_it_is_awaited_the_badge_asks_again(client, huddle):
    ask(client, huddle)
    assert 'hx-trigger="every 1s"' in client.get(f"/t/acme/runs/{huddle.uuid}/verdict/").content.decode()
    do_what_was_asked()
    assert "hx-trigger" not in client.get(f"/t/acme/runs/{huddle.uuid}/verdict/").content.decode()


def test_what_came_later_is_not_called_verified(client, gated):
    ask(client, gated)
    do_what_was_asked()
    client.post(f"/t/acme/runs/{gated.uuid}/cancel/")
    assert "up to envelope" in shown(client, gated)


def test_an_auditor_may_ask_and_a_viewer_may_look(huddle, viewer, stranger, as_member):
    auditor = a_member(Role.AUDITOR)
    assert "Verify" in text_of(as_member(auditor).get(f"/t/acme/runs/{huddle.uuid}/"))
    assert "Verify" not in text_of(as_member(viewer).get(f"/t/acme/runs/{huddle.uuid}/"))
    assert "your role does not allow" in text_of(ask(as_member(viewer), huddle))
    assert as_member(stranger).post(f"/t/acme/runs/{huddle.uuid}/verify/").status_code == 404
    assert not Verification.objects.exists()
    ask(as_member(auditor), huddle)
    assert Verification.objects.get().by == auditor.label


def test_a_run_that_has_not_begun_has_nothing_to_verify(client, owner):
    run = started(owner, HUDDLE)
    assert "Verify" not in shown(client, run)
    assert "nothing has happened" in text_of(ask(client, run))


def test_htmx_is_led_to_the_badge(client, huddle):
    answer = client.post(f"/t/acme/runs/{huddle.uuid}/verify/", headers={"HX-Request": "true"})
    assert answer["Location"] == f"/t/acme/runs/{huddle.uuid}/verdict/"
