"""An address of a gate that is true for ever, and what its card tells of voices."""

from runs.actions.runs import rebuild_run
from tests.conducted import GATED, conducted
from tests.pages.test_runs import text_of


def test_the_permanent_link_leads_to_the_gate_also_after_a_rebuild(client, owner, gated, stranger, as_member):
    link = f"/t/acme/runs/{gated.uuid}/gates/{gated.gates.get().seq}/"
    assert link in client.get(f"/t/acme/gates/{gated.gates.get().pk}/").content.decode()
    rebuild_run(by=owner, run=gated)
    assert client.get(link)["Location"] == f"/t/acme/gates/{gated.gates.get().pk}/"
    assert as_member(stranger).get(link).status_code == 404
    assert client.get(f"/t/acme/runs/{gated.uuid}/gates/99999/").status_code == 404


def test_a_card_tells_what_it_adds_and_how_far_the_quorum_is(client, owner, viewer):
    conducted(owner, GATED | {"gates": {"keys": ["Strategies"], "self_approval": True}})
    run = conducted(owner, GATED)
    run.gates.update(quorum=3)
    shown = text_of(client.get("/t/acme/gates/"))
    assert "Approved, it adds Strategies plan-a ." in shown
    assert "0 of 3 approvals, 3 missing" in shown
