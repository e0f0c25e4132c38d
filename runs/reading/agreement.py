"""How often each two voters agree: of the topics on which both said yes or no, the share on which they said the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from runs.reading.ballots import Ballot
from runs.reading.groups import grouped
from runs.reading.seriation import Distances, seriated

#: Two who never met stand as far from each other as two who agree on half.
UNKNOWN, FAREST = 500, 1000
ENOUGH = 5
_STEPS = (1, 2, 3, 4, 5, 5)


@dataclass(frozen=True)
class Pair:
    """Two voters: on how many topics both said yes or no, and on how many of them the same."""

    one: str
    other: str
    common: int
    same: int

    @property
    def agreement(self) -> float | None:
        """From 0 to 1; None for two who never met."""
        return self.same / self.common if self.common else None

    @property
    def per_cent(self) -> int | None:
        """The same as people say it."""
        return round(100 * self.same / self.common) if self.common else None

    @property
    def apart(self) -> int:
        """On how many topics they said the opposite."""
        return self.common - self.same

    @property
    def step(self) -> int | None:
        """The step of the ramp, 1 to 5, a fifth of the way each; None for two who never met."""
        return _STEPS[5 * self.same // self.common] if self.common else None


class Agreement:
    """The agreement of everybody with everybody. It is symmetric, and nobody is paired with themselves."""

    def __init__(self, ballots: Iterable[Ballot], people: Sequence[str]) -> None:
        self.people = list(people)
        self._yes = dict.fromkeys(self.people, 0)
        self._no = dict.fromkeys(self.people, 0)
        self._pairs: dict[tuple[str, str], Pair] = {}
        for place, ballot in enumerate(ballots):
            for voter, cast in ballot.votes.items():
                if cast.decision == "yes":
                    self._yes[voter] |= 1 << place
                elif cast.decision == "no":
                    self._no[voter] |= 1 << place

    def pair(self, one: str, other: str) -> Pair:
        """How these two stand to each other."""
        known = self._pairs.get((one, other))
        if known is None:
            same = (self._yes[one] & self._yes[other] | self._no[one] & self._no[other]).bit_count()
            apart = (self._yes[one] & self._no[other] | self._no[one] & self._yes[other]).bit_count()
            known = self._pairs[one, other] = Pair(one, other, same + apart, same)
        return known

    @cached_property
    def pairs(self) -> list[Pair]:
        """Each two once, the later of the order before the earlier: the lower triangle, row by row."""
        order = self.order
        return [self.pair(one, other) for place, one in enumerate(order) for other in order[:place]]

    @cached_property
    def distances(self) -> Distances:
        """Every two, in thousandths: 0 for those who always agree."""
        people = self.people
        found = [[0] * len(people) for _ in people]
        for i, one in enumerate(people):
            for j in range(i):
                pair = self.pair(one, people[j])
                found[i][j] = found[j][i] = UNKNOWN if not pair.common else FAREST * pair.apart // pair.common
        return found

    @cached_property
    def order(self) -> list[str]:
        """Everybody, so that like-minded ones stand together, and groups, if there are some, one after the other."""
        row = seriated(self.distances)
        rank = {place: at for at, place in enumerate(row)}
        means = {number: _mean(rank[place] for place, group in enumerate(self._groups) if group == number) for number in set(self._groups)}
        return [
            self.people[place] for place in sorted(row, key=lambda place: (means[self._groups[place]], self._groups[place], rank[place]))
        ]

    @cached_property
    def _groups(self) -> list[int]:
        return grouped(self.distances)

    @cached_property
    def groups(self) -> list[list[str]]:
        """The groups in their order; none where there are few people."""
        number = dict(zip(self.people, self._groups, strict=True))
        found = [list(members) for _, members in groupby(self.order, key=lambda who: number[who])]
        return found if len(found) > 1 else []

    @cached_property
    def farthest(self) -> Pair | None:
        """The two who disagree most, of those with topics enough in common to tell (five, or as many as any two have)."""
        most = max((pair.common for pair in self.pairs), default=0)
        met = [pair for pair in self.pairs if pair.common >= min(ENOUGH, most) and pair.apart]
        return min(met, key=lambda pair: (pair.same / pair.common, -pair.common, pair.one, pair.other), default=None)

    def standing_of(self, who: str) -> list[Pair]:
        """How somebody stands to everybody else, closest first; whom they never met, last."""
        pairs = [self.pair(who, other) for other in self.people if other != who]
        return sorted(pairs, key=lambda pair: (pair.common == 0, -(pair.agreement or 0), -pair.common, pair.other))


def _mean(numbers: Iterable[int]) -> float:
    found = list(numbers)
    return sum(found) / len(found)
