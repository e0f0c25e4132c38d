"""A batch of effects under way: who is asked when, who is asked again, and what to do when somebody wants all to stop.

All waiting is done by the one thread that conducts the run; a hand is taken only while a provider is really asked, so
an effect that waits for its next attempt, or for its tenant's quota, keeps nobody else from being asked.
"""

import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from random import Random, SystemRandom

from runs.runner.attempts import Attempts, Outcome, Said
from runs.runner.hands import Hands
from runs.runner.passing import PASSING, Passing
from runs.suggestors.providers import ProviderError
from runs.suggestors.providers.retrying import pause_before_next

#: Effects that one process has under way at a time, whatever the number of its runs.
HANDS = Hands(16)


class Halt(StrEnum):
    """Why a round may have to end early: the run is to be cancelled, or this worker is to stop."""

    CANCEL = "cancel"
    STOP = "stop"


Commit = Callable[[Sequence[Attempts], Mapping[str, Outcome]], None]
Halted = Callable[[], Halt | None]


class Round:
    """Asks for a batch of effects until each has its outcome."""

    def __init__(
        self, asked: Sequence[Attempts], *, hands: Hands = HANDS, passing: Passing = PASSING, random: Random | None = None
    ) -> None:
        self._left = {one.name: one for one in asked}
        self._hands, self._passing, self._random = hands, passing, random or SystemRandom()
        self._box: queue.SimpleQueue[tuple[str, int, Said]] = queue.SimpleQueue()
        self._refused: dict[str, Outcome] = {}
        self._stopping = False

    def go(self, commit: Commit, halted: Halted) -> dict[str, Outcome]:
        """The outcomes by name. `commit` is given what begins for the first time, before it does, and outcomes as they come.

        Raises `BrokenOff` when `halted` says so: at once to cancel; to stop when nothing is under way that may not be repeated.
        """
        outcomes: dict[str, Outcome] = {}
        news: dict[str, Outcome] = {}
        try:
            while self._left or news:
                self._begin(commit, news)
                news = self._news() if self._left else {}
                outcomes |= news
                self._look(halted(), commit, news)
        finally:
            for one in self._left.values():
                one.close()
        return outcomes

    def _begin(self, commit: Commit, news: Mapping[str, Outcome]) -> None:
        """Commit what is new and what begins, in one; then let it begin."""
        now = self._passing.now()
        begins = [] if self._stopping else list(self._ready(now))
        fresh = [one for one in begins if one.count == 1]
        if fresh or news:
            commit(fresh, news)
        for one in begins:
            one.begin(self._box.put, self._passing.pause, now)

    def _ready(self, now: float) -> Iterator[Attempts]:
        """Those whose time has come, as far as hands and quotas reach."""
        for one in list(self._left.values()):
            if one.under_way or one.ready_at > now:
                continue
            hand = self._hands.take()
            if hand is None:
                return
            try:
                taken = one.take(hand, now)
            except ProviderError as error:
                taken = False
                self._refused[one.name] = one.outcome(error, now)
            if taken:
                yield one
            else:
                hand.give_up()

    def _news(self) -> dict[str, Outcome]:
        """Wait for somebody to tell something, but not for long; take all that is told, and give up what is late."""
        news, self._refused = self._refused, {}
        for name in news:
            del self._left[name]
        if not news:
            turn = min(one.turns_at for one in self._left.values()) - self._passing.now()
            busy = any(one.under_way for one in self._left.values())
            self._hear(self._passing.told(self._box, max(0.001, turn), busy=busy), news)
        for one in list(self._left.values()):
            if one.under_way and self._passing.now() >= one.given_up_at:
                self._judge(one, one.late(), news)
        return news

    def _hear(self, told: tuple[str, int, Said] | None, news: dict[str, Outcome]) -> None:
        while told is not None:
            name, attempt, said = told
            one = self._left.get(name)
            if one is not None and one.under_way and attempt == one.count:
                self._judge(one, said, news)
            told = None if self._box.empty() else self._box.get()

    def _judge(self, one: Attempts, said: Said, news: dict[str, Outcome]) -> None:
        """What was said is the outcome, unless it is asked once more."""
        one.close()
        now = self._passing.now()
        pause = None
        if isinstance(said, ProviderError):
            pause = pause_before_next(said, one.provider, one.count, one.elapsed(now), self._random)
        if pause is None:
            del self._left[one.name]
            news[one.name] = one.outcome(said, now)
        else:
            one.ready_at = now + pause

    def _look(self, halt: Halt | None, commit: Commit, news: Mapping[str, Outcome]) -> None:
        self._stopping = self._stopping or halt is Halt.STOP
        unrepeatable = any(one.under_way and not one.provider.idempotent for one in self._left.values())
        if self._left and (halt is Halt.CANCEL or (self._stopping and not unrepeatable)):
            if news:
                commit([], news)
            raise BrokenOff(halt or Halt.STOP, [one for one in self._left.values() if one.count])


class BrokenOff(Exception):
    """The round ended early; `begun` are the effects without an outcome that had begun."""

    def __init__(self, halt: Halt, begun: Sequence[Attempts]) -> None:
        super().__init__(f"broken off to {halt}")
        self.halt, self.begun = halt, begun
