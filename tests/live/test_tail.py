"""Tail and watchers alone, on a journal in memory: whatever the order of things, nothing is missed and nothing comes twice."""

import asyncio
import json
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.live import tail as tails
from runs.live.tail import Tail
from runs.live.watcher import UNDER_WAY, UnsentAcknowledged, Watcher
from runs.reading.envelopes import News, Page
from runs.reading.following import Followed

LIMIT = 7


@dataclass(frozen=True)
class Standing:
    pk: int = 1
    head: int = 0
    status: str = "running"
    cancel_requested: bool = False

    @property
    def is_finished(self) -> bool:
        return self.status == "converged"


class Journal:
    """What the tail reads instead of a database; reads take a few turns of the loop."""

    def __init__(self, head: int = 0) -> None:
        self.run = Standing(head=head)
        self.reads = 0

    def entries_after(self, by, run, seq, *, limit=LIMIT, until=None) -> Page:
        last = min(seq + limit, self.run.head if until is None else until)
        return Page(seq, [json.dumps({"seq": place}) for place in range(seq + 1, last + 1)])

    def news_after(self, by, run, seq) -> News:
        return News(self.run, self.entries_after(by, run, seq))

    async def read(self, reading, *args, **kwargs):
        self.reads += 1
        for _ in range(self.reads % 3):
            await asyncio.sleep(0)
        answer = reading(*args, **kwargs)
        for _ in range(self.reads % 2):
            await asyncio.sleep(0)
        return answer


class Receiver:
    """A client that notes what it is sent."""

    def __init__(self, tail: Tail, cursor: int) -> None:
        self.start = self.cursor = cursor
        self.texts: list[str] = []
        self.watcher = Watcher(tail, cursor, self.take)
        self.pump = asyncio.ensure_future(self.watcher.pump())

    async def take(self, text: str) -> None:
        self.texts.append(text)
        frame = json.loads(text)
        if frame["type"] == "envelopes":
            assert frame["after"] == self.cursor
            assert [each["seq"] for each in frame["envelopes"]] == list(range(self.cursor + 1, frame["to"] + 1))
            self.cursor = frame["to"]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(tails, "SHORTEST", 0)
    monkeypatch.setattr(tails, "PER_WATCHER", 0)
    monkeypatch.setattr(tails, "CRUMB", 80)
    monkeypatch.setattr(tails, "BEHIND", 5)
    monkeypatch.setattr(tails, "KEPT", 400)
    monkeypatch.setattr(tails, "COUNTERS_EVERY", 3600)
    monkeypatch.setattr(tails, "summary_of", lambda by, run: SimpleNamespace(as_json=lambda: json.dumps(vars(run))))


def on(journal: Journal, monkeypatch) -> Tail:
    for name in ("read", "entries_after", "news_after"):
        monkeypatch.setattr(tails, name, getattr(journal, name))
    return Tail(Followed(None, journal.run))


async def settle(turns: int = 60) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def play(deeds, monkeypatch) -> None:
    """Do the deeds in their order, with a few turns of the loop in between; then let everybody catch up."""
    journal = Journal(3)
    tail = on(journal, monkeypatch)
    following = asyncio.ensure_future(tail.follow())
    receivers: list[Receiver] = []
    for deed, number in deeds:
        match deed:
            case "write":
                journal.run = replace(journal.run, head=journal.run.head + number)
            case "ring":
                tail.ring()
            case "join":
                receivers.append(Receiver(tail, min(number, journal.run.head)))
            case "acknowledge" if receivers:
                receiver = receivers[number % len(receivers)]
                receiver.watcher.acknowledge(receiver.cursor)
            case "turn":
                await settle(number)
    journal.run = replace(journal.run, head=journal.run.head + 1, status="converged")
    await catch_up(tail, receivers)
    for receiver in receivers:
        assert receiver.cursor == journal.run.head
        assert json.loads(receiver.texts[-1])["type"] == "end"
        assert sum(json.loads(text)["type"] == "end" for text in receiver.texts) == 1
    following.cancel()
    assert not tail.watchers


async def catch_up(tail: Tail, receivers: list[Receiver]) -> None:
    for _ in range(200):
        if all(receiver.pump.done() for receiver in receivers):
            break
        tail.ring()
        for receiver in receivers:
            if not receiver.pump.done():
                receiver.watcher.acknowledge(receiver.cursor)
        await settle(10)
    for receiver in receivers:
        receiver.pump.result()


DEEDS = st.tuples(st.sampled_from(["write", "ring", "join", "acknowledge", "turn"]), st.integers(0, 30))


@settings(max_examples=150)
@given(st.lists(DEEDS, max_size=40))
def test_every_watcher_gets_every_envelope_once_and_in_order(deeds):
    with pytest.MonkeyPatch.context() as monkeypatch:
        asyncio.run(play(deeds, monkeypatch))


async def test_watchers_at_the_same_place_share_one_read_and_one_text(monkeypatch):
    journal = Journal(5)
    tail = on(journal, monkeypatch)
    following = asyncio.ensure_future(tail.follow())
    receivers = [Receiver(tail, 5) for _ in range(20)]
    await settle()
    journal.run = replace(journal.run, head=9)
    tail.ring()
    await settle()
    texts = [receiver.texts[0] for receiver in receivers]
    assert journal.reads == 1
    assert all(text is texts[0] for text in texts)
    following.cancel()
    for receiver in receivers:
        receiver.pump.cancel()


async def test_late_joiners_at_the_same_place_share_their_reads_too(monkeypatch):
    journal = Journal(20)
    tail = on(journal, monkeypatch)
    receivers = [Receiver(tail, 0) for _ in range(20)]
    await settle()
    assert {receiver.cursor for receiver in receivers} == {20}
    assert journal.reads == 3
    for receiver in receivers:
        receiver.pump.cancel()


async def test_who_does_not_acknowledge_has_eight_frames_at_most(monkeypatch):
    journal = Journal(LIMIT * 20)
    tail = on(journal, monkeypatch)
    silent = Receiver(tail, 0)
    await settle()
    assert len(silent.texts) == UNDER_WAY
    silent.watcher.acknowledge(LIMIT)
    await settle()
    assert len(silent.texts) == UNDER_WAY + 1
    silent.pump.cancel()


async def test_what_was_never_sent_cannot_be_acknowledged(monkeypatch):
    receiver = Receiver(on(Journal(5), monkeypatch), 0)
    await settle()
    receiver.watcher.acknowledge(5)
    with pytest.raises(UnsentAcknowledged):
        receiver.watcher.acknowledge(6)
    receiver.pump.cancel()


async def test_a_watcher_ahead_of_the_tail_waits_for_it(monkeypatch):
    journal = Journal(5)
    tail = on(journal, monkeypatch)
    following = asyncio.ensure_future(tail.follow())
    journal.run = replace(journal.run, head=8)
    ahead = Receiver(tail, 8)
    await settle()
    assert ahead.texts == []
    journal.run = replace(journal.run, head=10)
    tail.ring()
    await settle()
    assert ahead.cursor == 10
    following.cancel()
    ahead.pump.cancel()


async def test_a_tail_keeps_a_bounded_stretch(monkeypatch):
    journal = Journal(LIMIT * 100)
    tail = on(journal, monkeypatch)
    place = 0
    while place < tail.head:
        place = (await tail.frame_after(place)).to
    assert sum(len(frame.text) for frame in tail._frames.values()) <= 400


async def test_a_tail_that_rests_keeps_nothing(monkeypatch):
    monkeypatch.setattr(tails, "KEPT_FOR", 0)
    tail = on(Journal(5), monkeypatch)
    await tail.frame_after(0)
    tail.rest()
    assert not tail._frames
    assert (await tail.frame_after(0)).to == 5


async def test_who_comes_late_is_not_fed_with_crumbs(monkeypatch):
    journal = Journal(0)
    tail = on(journal, monkeypatch)
    following = asyncio.ensure_future(tail.follow())
    early = Receiver(tail, 0)
    for head in range(1, 8):
        journal.run = replace(journal.run, head=head)
        tail.ring()
        await settle()
    assert len(early.texts) == 7
    late = Receiver(tail, 0)
    await settle()
    assert (len(late.texts), late.cursor) == (1, 7)
    for task in (following, early.pump, late.pump):
        task.cancel()
