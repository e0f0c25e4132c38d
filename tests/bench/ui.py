"""`python -m tests.bench ui`: the run page in Chromium, on a run of 100 cycles and 10 000 facts and on one of 500 suggestors.

Each figure stands beside what it is to hold. Times are medians in milliseconds, as a reader meets them: from the click to the picture.
"""

import os
import statistics
from collections.abc import Callable, Iterable
from typing import Any

from tests.bench.holding import at_least, at_most
from tests.bench.world import World, a_run_to_write, world
from tests.screenshots import FLAGS
from tests.server import daphne

CYCLES, WORKERS = 100, 100
SEATS = 500
TABS = ("context", "huddle", "disagreements", "effects", "gates", "graph", "outcome", "events")
ROUNDS = 3
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"


def main(argv: list[str]) -> None:
    """Print everything; takes no arguments."""
    with world() as home:
        long, wide = _written(CYCLES, WORKERS), _written(4, SEATS)
        print(f"{long.cycle} cycles, {long.fact_count} facts, {long.head} events; and {SEATS} suggestors")
        with daphne(home.database) as address:
            _looked_at(address, home, long, wide)


def _written(cycles: int, workers: int) -> Any:
    """A run in which everybody says something in every cycle, resting on a fact of the one before; written as a worker would."""
    from django.utils import timezone

    from runs.engine import Budget, Proposal, State, converge
    from runs.journal import append
    from tests.bench.workloads import PAY, SEEDS

    run = a_run_to_write()
    budget = Budget(max_cycles=cycles, max_facts=1_000_000)
    state = State.fresh([Proposal.text_of(SEEDS, "s", PAY, "bench")])
    for border in converge(_team(workers), state, budget=budget, correlation="c-1"):
        append(run, [(timezone.now(), border.rows)], lease=run.lease)
    run.refresh_from_db()
    return run


def _team(workers: int) -> list[Any]:
    from runs.engine import Context, ContextKey, Proposal, Suggestor
    from tests.bench.workloads import PAY, SEEDS

    class Worker(Suggestor):
        """Says one thing a cycle."""

        dependencies = (SEEDS, ContextKey.HYPOTHESES)

        def __init__(self, number: int) -> None:
            self.name, self.number = f"worker-{number:03}", number
            self.said = 0

        def accepts(self, context: Context) -> bool:
            """Always."""
            return True

        def suggest(self, context: Context) -> list[Proposal]:
            """A fact that rests on a neighbour's of the cycle before."""
            self.said += 1
            at = self.said
            used = ((ContextKey.HYPOTHESES, f"{(self.number + 1) % workers}:{at - 1}"),) if at > 1 else ((SEEDS, "s"),)
            said = Proposal.text_of(ContextKey.HYPOTHESES, f"{self.number}:{at}", f"{PAY} {at}", self.name)
            return [Proposal(said.key, said.id, said.payload, self.name, used=used)]

    return [Worker(number) for number in range(workers)]


def _looked_at(address: str, home: World, long: Any, wide: Any) -> None:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, "--enable-precise-memory-info"])
        with browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}) as context:
            context.add_cookies([{"name": "sessionid", "value": home.cookie.partition("=")[2], "url": address}])
            page = context.new_page()
            _opened(page, long, "first content")
            _tabs(page, long)
            _scrubbed(page, long)
            _scrolled(page, long)
            _opened(page, wide, f"first content, a grid of {SEATS} suggestors")
            _elements(page, f"a grid of {SEATS} suggestors")
        browser.close()


def _median(times: Iterable[float]) -> float:
    return statistics.median(list(times))


def _opened(page: Any, run: Any, what: str) -> None:
    times = []
    for _ in range(ROUNDS):
        page.goto(f"/t/acme/runs/{run.uuid}/")
        page.locator(".grid-pane .cell").first.wait_for()
        times.append(page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    print(f"{what}: {_median(times):.0f} ms {at_most(1_500, _median(times))}")


def _timed(page: Any, act: Callable[[], object], shown: str) -> float:
    """From now until the condition holds and is painted."""
    begun = page.evaluate("() => performance.now()")
    act()
    page.wait_for_function(shown, polling="raf")
    return float(page.evaluate(PAINTED)) - float(begun)


#: What stands in a tab when it can be used, where that is more than its body.
DRAWN = {"graph": ".node", "events": ".event"}


def _tabs(page: Any, run: Any) -> None:
    for tab in TABS:
        time = _median(_tab(page, run, tab) for _ in range(ROUNDS))
        print(f"tab {tab}: {time:.0f} ms {at_most(500, time)}")
        _elements(page, f"tab {tab}")


def _tab(page: Any, run: Any, tab: str) -> float:
    """From the click to the picture."""
    page.goto(f"/t/acme/runs/{run.uuid}/?tab={'gates' if tab == 'events' else 'events'}")
    page.locator(".grid-pane .cell").first.wait_for()
    ready = f"() => document.querySelector('#tab-body[data-tab={tab}] {DRAWN.get(tab, '')}')"
    return _timed(page, lambda: page.evaluate(f"() => document.getElementById('tab-{tab}').click()"), ready)


def _scrubbed(page: Any, run: Any) -> None:
    """A step of the time machine, until what the cycle brought and the context as it was then are both there."""
    page.goto(f"/t/acme/runs/{run.uuid}/?tab=context&at=60")
    page.locator("#moment strong").wait_for()
    times = []
    for cycle in range(59, 39, -1):
        page.wait_for_timeout(250)
        there = f"() => document.querySelector('#moment strong')?.textContent.endsWith(' {cycle}')"
        there += f" && document.querySelector('.context .filters')?.textContent.includes('cycle {cycle}')"
        times.append(_timed(page, lambda: page.keyboard.press("["), there))
    print(f"a step of the time machine: {_median(times):.0f} ms {at_most(100, _median(times))}, the slowest {max(times):.0f}")


FRAMES = """async ([selector, down]) => {
    const pane = document.querySelector(selector);
    const gaps = [];
    let before = performance.now();
    for (let frame = 0; frame < 120; frame += 1) {
        pane.scrollTop += down;
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        gaps.push(now - before);
        before = now;
    }
    return 1000 / (gaps.reduce((sum, gap) => sum + gap) / gaps.length);
}"""


def _scrolled(page: Any, run: Any) -> None:
    page.goto(f"/t/acme/runs/{run.uuid}/?tab=events")
    page.locator(".event").first.wait_for()
    frames = page.evaluate(FRAMES, [".events-pane", 180])
    print(f"scrolling the events: {frames:.0f} frames a second {at_least(55, frames)}")
    page.goto(f"/t/acme/runs/{run.uuid}/?tab=graph")
    page.locator(".node").first.wait_for()
    frames = page.evaluate(FRAMES, [".graph-pane", 20])
    print(f"scrolling the graph: {frames:.0f} frames a second {at_least(55, frames)}")
    heap = page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6
    print(f"heap: {heap:.0f} MB {at_most(300, heap)}")


def _elements(page: Any, what: str) -> None:
    count = page.evaluate("() => document.getElementsByTagName('*').length")
    print(f"  elements, {what}: {count} {at_most(2_000, count)}")
