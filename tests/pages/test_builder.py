"""The builder over HTTP: doors, edits, undoing, publishing, and two who write at once."""

import json

import pytest

from runs.actions.drafts import draft_for
from runs.actions.formations import create_formation
from runs.models import AuditEntry, Draft, FormationVersion
from runs.suggestors import read_document
from runs.suggestors.templates import templates
from tests.documents import chain
from tests.house import a_member
from tests.pages.test_runs import text_of


@pytest.fixture
def draft(owner) -> Draft:
    return draft_for(by=owner, formation=create_formation(by=owner, document=chain(3), slug="chain").formation)


def address(draft: Draft, deed: str = "") -> str:
    return f"/t/acme/drafts/{draft.pk}/{deed}"


def edit(client, draft: Draft, do: str, **said):
    draft.refresh_from_db()
    return client.post(address(draft, "edit/"), {"revision": draft.revision, "selected": "seat-0", "do": do} | said)


def read(draft: Draft):
    draft.refresh_from_db()
    return json.loads(read_document(draft.text).to_json())


def names(draft: Draft) -> list[str]:
    return [seat.get("name", seat["kind"]) for seat in read(draft)["team"]]


def at(*steps) -> str:
    return json.dumps(steps)


def test_a_draft_is_seen_by_its_owner_alone(client, draft, viewer, stranger, as_member):
    assert client.get(address(draft)).status_code == 200
    colleague = as_member(a_member("author"))
    for other in (colleague, as_member(viewer), as_member(stranger)):
        assert other.get(address(draft)).status_code == 404
        assert other.post(address(draft, "publish/"), {"revision": draft.revision}).status_code == 404
        assert other.post(address(draft, "edit/"), {"revision": draft.revision, "do": "undo"}).status_code == 404


def test_whoever_may_not_author_gets_no_draft(draft, viewer, as_member):
    assert as_member(viewer).get("/t/acme/formations/chain/edit/").status_code == 403
    assert as_member(viewer).post("/t/acme/drafts/new/").status_code == 403


def test_everybody_has_a_draft_of_their_own(client, draft, as_member):
    theirs = as_member(a_member("author")).get("/t/acme/formations/chain/edit/")["Location"]
    assert client.get("/t/acme/formations/chain/edit/")["Location"] == address(draft) != theirs


def test_a_field_is_changed_and_undone_and_done_again(client, draft):
    edit(client, draft, "field", at=at("budget", "max_cycles"), sort="number", value="7")
    assert read(draft)["budget"] == {"max_cycles": 7}
    edit(client, draft, "undo")
    assert "budget" not in read(draft)
    edit(client, draft, "redo")
    assert read(draft)["budget"] == {"max_cycles": 7}


def test_seats_are_added_moved_copied_switched_off_and_removed(client, draft):
    edit(client, draft, "seat", kind="consensus-evaluator")
    edit(client, draft, "move", at=at("team", 3), to="0")
    edit(client, draft, "copy", at=at("team", 1))
    edit(client, draft, "put", at=at("team", 3, "enabled"), value="false")
    edit(client, draft, "remove", at=at("team", 4))
    assert names(draft) == ["consensus-evaluator", "step-0", "step-0-2", "step-1"]
    assert read(draft)["team"][3]["enabled"] is False


def test_what_is_wrong_is_kept_and_told_at_its_field(client, draft):
    edit(client, draft, "seat", kind="consensus-evaluator")
    answer = edit(
        client, draft, "field", at=at("team", 3, "with", "total_voters"), sort="number", value="many", required="yes", selected="seat-3"
    )
    shown = answer.content.decode()
    assert 'id="f-team-3-with-total_voters"' in shown
    assert 'value="many"' in shown
    assert shown.count("expected a whole number, not text") == 2


def test_a_broken_text_is_kept_as_it_was_typed(client, draft):
    answer = edit(client, draft, "text", text="label: [\n")
    draft.refresh_from_db()
    assert draft.text == "label: [\n"
    assert "The text cannot be read as it stands" in text_of(answer)
    edit(client, draft, "undo")
    assert names(draft) == ["step-0", "step-1", "step-2"]


@pytest.mark.parametrize("text", ["a: &a [*a]", "b: &b x\nc: *b", "[1]", "{", "\0"])
def test_no_board_and_no_crash_for_what_is_no_document(client, draft, text):
    answer = edit(client, draft, "text", text=text) if text != "\0" else edit(client, draft, "text", text="- 1")
    assert answer.status_code == 200
    assert edit(client, draft, "seat", kind="rule").status_code == 422


def test_a_script_in_a_label_is_text(client, draft):
    edit(client, draft, "field", at=at("label"), value="<script>alert(1)</script>", required="yes")
    shown = client.get(address(draft)).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_a_document_that_is_too_large_is_refused_and_the_draft_stays(client, draft, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    before = draft.text
    answer = edit(client, draft, "text", text="x" * 5_000_001)
    draft.refresh_from_db()
    assert (answer.status_code, draft.text) == (422, before)
    assert "5000000 bytes" in text_of(answer)


def test_a_stale_save_shows_both_sides_and_loses_neither(client, draft):
    stale = draft.revision
    edit(client, draft, "field", at=at("label"), value="First", required="yes")
    answer = client.post(address(draft, "edit/"), {"revision": stale, "do": "text", "text": "label: second"})
    assert answer.status_code == 409
    assert "label: second" in answer.content.decode()
    assert "label: First" in answer.content.decode()
    assert read(draft)["label"] == "First"


def test_publishing_makes_a_version_with_author_note_and_hash(client, draft, owner):
    edit(client, draft, "field", at=at("description"), value="Longer")
    draft.refresh_from_db()
    answer = client.post(address(draft, "publish/"), {"revision": draft.revision, "note": "Says more"})
    version = FormationVersion.objects.latest("pk")
    assert answer["Location"] == "/t/acme/formations/chain/"
    assert (version.number, version.note, version.author) == (2, "Says more", owner.user.email)
    assert version.content_hash == read_document(version.document).content_hash
    assert not Draft.objects.exists()
    assert AuditEntry.objects.filter(action="publish_version", subject="chain v2").exists()


def test_a_broken_draft_is_not_published_and_kept(client, draft):
    edit(client, draft, "text", text="label: 1")
    draft.refresh_from_db()
    answer = client.post(address(draft, "publish/"), {"revision": draft.revision})
    assert answer.status_code == 422
    assert "Not published" in text_of(answer)
    assert Draft.objects.get().text == "label: 1"


def test_whoever_publishes_second_is_told_and_decides(client, draft, as_member):
    colleague = a_member("author")
    theirs = draft_for(by=colleague, formation=draft.formation)
    edit(as_member(colleague), theirs, "field", at=at("label"), value="Theirs", required="yes")
    theirs.refresh_from_db()
    as_member(colleague).post(address(theirs, "publish/"), {"revision": theirs.revision})
    edit(client, draft, "field", at=at("label"), value="Mine", required="yes")
    draft.refresh_from_db()
    answer = client.post(address(draft, "publish/"), {"revision": draft.revision})
    assert answer.status_code == 409
    assert "published version 2 since you began" in text_of(answer)
    client.post(address(draft, "publish/"), {"revision": draft.revision, "on_top": "yes"})
    assert [version.number for version in draft.formation.versions.order_by("number")] == [1, 2, 3]


def test_seeds_are_pasted_and_bad_lines_are_told(client, draft):
    table = "namespace,name,title\nSeeds,a,Apple\nNowhere,b,Bread\nSeeds,c,Cheese\n"
    told = text_of(client.post(address(draft, "paste/"), {"table": table, "provenance": "list"}))
    assert "2 seeds can be taken, 1 line cannot" in told
    assert "line 3: key: unknown value" in told
    edit(client, draft, "paste", table=table, provenance="list")
    assert [seed["id"] for seed in read(draft)["seeds"]] == ["s1", "a", "c"]


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.name)
def test_every_template_goes_round_without_loss_and_all_its_parts_are_drawn(client, owner, template):
    document = template.filled(template.card.example)
    draft = draft_for(by=owner, formation=create_formation(by=owner, document=document.to_json()).formation)
    for form in ("json", "yaml"):
        edit(client, draft, form)
        assert read_document(draft.text).content_hash == document.content_hash
    for part in ("seat-0", "seeds", "seed-0", "budget", "gates", "criteria", "charter", "providers", "learning", "label"):
        assert client.get(address(draft, f"select/?at={part}")).status_code == 200


@pytest.mark.parametrize(
    "said", [{"do": "nothing"}, {"do": "move", "at": "[]"}, {"do": "field", "at": "x"}, {"do": "operations", "operations": "[1]"}]
)
def test_what_no_control_sends_is_refused_in_words(client, draft, said):
    answer = client.post(address(draft, "edit/"), {"revision": draft.revision} | said)
    assert answer.status_code == 422
    assert "Nothing was changed" in text_of(answer)
