"""`python -m tests.bench live [ROUNDS]`: from a commit in one process to sockets in another, through daphne.

Ours and plain `group_send` batching are measured in turns; a round is a pair.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from tests.bench.holding import at_least, at_most
from tests.bench.sockets import Crowd
from tests.bench.world import World, a_run_to_write, world
from tests.server import daphne

WATCHERS, PER_SECOND, PER_COMMIT, SECONDS = 100, 1_000, 20, 4
BURST, FLOOD, FLUSH = 5_000, 20_000, 250


@dataclass(frozen=True)
class Outcome:
    """What a crowd met: how late each delivery was, how long everything took, what went missing."""

    delays: list[float]
    seconds: float
    committed: float
    broken: int
    octets: int

    def late(self, share: float) -> float:
        """The delay, in milliseconds, that the share of deliveries stays below."""
        return sorted(self.delays)[int(len(self.delays) * share)] * 1e3


async def watched(server: str, home: World, *, watchers: int, events: int, per_commit: int, per_second: float) -> Outcome:
    """Write a run in a process of its own while the crowd watches it."""
    run = await asyncio.to_thread(a_run_to_write)
    crowd = Crowd()
    await crowd.join(server, f"/ws/t/acme/runs/{run.uuid}/?after=0", home.cookie, watchers)
    await asyncio.sleep(0.5)  # everybody has been greeted
    command = [sys.executable, "-m", "tests.bench.writer", str(run.pk), str(events), str(per_commit), str(per_second)]
    writer = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    try:
        await crowd.reach(events)
    except TimeoutError:
        print("  not everything arrived")
    printed, _ = await writer.communicate()
    crowd.leave()
    return outcome(crowd, [tuple(map(float, line.split())) for line in printed.decode().splitlines()])


def outcome(crowd: Crowd, commits: list[tuple[float, ...]]) -> Outcome:
    """Put arrivals beside commits: an event is as late as its frame came after its commit."""
    places = [commit[0] for commit in commits]
    delays: list[float] = []
    for client in crowd.clients:
        for arrived, after, to in client.arrivals:
            for event in range(after + 1, to + 1):
                delays.append(arrived - commits[bisect_left(places, event)][2])  # noqa: PERF401
    last = max(client.arrivals[-1][0] for client in crowd.clients)
    broken = sum(client.broken + (client.cursor != places[-1]) for client in crowd.clients)
    return Outcome(delays, last - commits[0][1], commits[-1][2] - commits[0][1], broken, sum(c.octets for c in crowd.clients))


async def steady(ours: str, plain: str, home: World, rounds: int) -> None:
    """Pairs of ours and plain under the steady load."""
    load = {"watchers": WATCHERS, "events": PER_SECOND * SECONDS, "per_commit": PER_COMMIT, "per_second": PER_SECOND}
    ratios, ninety_nines = [], []
    print(f"{WATCHERS} watchers, {PER_SECOND} events a second for {SECONDS} s: commit to socket in ms")
    for _ in range(rounds):
        one, other = await watched(ours, home, **load), await watched(plain, home, **load)
        ratios.append(one.late(0.99) / other.late(0.99))
        ninety_nines.append(one.late(0.99))
        for name, each in (("ours", one), ("plain", other)):
            print(f"  {name:<6} median {each.late(0.5):>7.1f}   p99 {each.late(0.99):>7.1f}   broken {each.broken}")
    late, ratio = statistics.median(ninety_nines), statistics.median(ratios)
    print(f"  p99 {late:.1f} ms {at_most(80, late)}, {ratio:.2f} × plain {at_most(0.55, ratio)}")


async def burst(ours: str, home: World, rounds: int) -> None:
    """One commit with many events, to everybody."""
    took = [await watched(ours, home, watchers=WATCHERS, events=BURST, per_commit=BURST, per_second=1e9) for _ in range(rounds)]
    seconds = statistics.median(each.seconds - each.committed for each in took)
    size = f"{took[0].octets / 1e6:.0f} MB"
    print(f"a burst of {BURST} to {WATCHERS}, {size}: {seconds:.2f} s from the commit {at_most(1.5, seconds)}")
    _broken(took)


async def flood(ours: str, home: World, rounds: int) -> None:
    """As many events as the journal takes, to one."""
    took = [await watched(ours, home, watchers=1, events=FLOOD, per_commit=FLUSH, per_second=1e9) for _ in range(rounds)]
    rate = statistics.median(FLOOD / each.seconds for each in took)
    writing = statistics.median(FLOOD / each.committed for each in took)
    print(f"{FLOOD} events persisted and pushed to one: {rate:.0f} a second {at_least(10_000, rate)}; committed at {writing:.0f}")
    _broken(took)


def _broken(took: list[Outcome]) -> None:
    broken = sum(each.broken for each in took)
    print(f"  broken {broken} {at_most(0, broken)}")


def main(argv: list[str]) -> None:
    """Print everything; the argument is the number of rounds."""
    rounds = int(argv[0]) if argv else 3
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    begun = time.monotonic()
    with world() as home, daphne(home.database) as ours, daphne(home.database, "tests.bench.plain:application") as plain:
        asyncio.run(steady(ours, plain, home, rounds))
        asyncio.run(burst(ours, home, rounds))
        asyncio.run(flood(ours, home, rounds))
    print(f"({time.monotonic() - begun:.0f} s)")
