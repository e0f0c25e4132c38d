"""Reading a journal after a cursor."""

import pytest

from runs.models import Console, Envelope
from runs.reading.envelopes import CHARACTERS, JournalBroken, Page, entries_after, news_after
from tests.house import a_member, a_tenant
from tests.journaling import a_running_run, extend

pytestmark = pytest.mark.django_db


def test_a_page_holds_what_follows_the_cursor():
    run = a_running_run(5)
    page = entries_after(a_member(), run, 2)
    assert (page.after, page.to, page.bodies) == (2, 5, list(Envelope.objects.after(run, 2).values_list("body", flat=True)))


def test_a_page_ends_at_its_limit_and_where_it_is_told():
    run = a_running_run(9)
    assert entries_after(a_member(), run, 0, limit=4).to == 4
    assert entries_after(a_member(), run, 0, until=3).to == 3


def test_a_page_ends_when_it_is_large_enough():
    run = a_running_run()
    extend(run, 5, words="x" * CHARACTERS)
    assert entries_after(a_member(), run, 0).to == 1


def test_pages_follow_each_other_without_gap():
    run, seen = a_running_run(1203), 0
    while (page := entries_after(a_member(), run, seen)).bodies:
        assert page.after == seen
        seen = page.to
    assert seen == 1203


def test_a_stranger_reads_nothing():
    run = a_running_run(3)
    assert entries_after(a_member(of="other"), run, 0).bodies == []
    assert len(entries_after(Console(a_tenant()), run, 0).bodies) == 3


def test_a_hole_in_a_journal_is_not_passed_over():
    run = a_running_run(3)
    Envelope.objects.filter(run=run, seq=2)._raw_delete("default")
    with pytest.raises(JournalBroken):
        entries_after(a_member(), run, 0)


def test_news_of_a_run_are_fresh():
    run = a_running_run(3)
    extend(type(run).objects.get(pk=run.pk), 2)
    news = news_after(a_member(), run, 3)
    assert (news.run.head, news.page.to, len(news.page.bodies)) == (5, 5, 2)


def test_a_page_is_json_with_what_stands_before_it():
    assert Page(3, ['{"seq":4}', '{"seq":5}']).as_json('"a":1') == '{"a":1,"after":3,"to":5,"envelopes":[{"seq":4},{"seq":5}]}'
    assert Page(3, []).as_json() == '{"after":3,"to":3,"envelopes":[]}'
