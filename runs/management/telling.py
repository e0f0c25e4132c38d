"""Telling on the command line how a run goes and how it ended."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from runs.doorbell import listening
from runs.reading.words import plural

#: Verdicts on plans, the gravest first, as they are counted.
VERDICTS = {"blocked": "blocked", "fails": "failing", "warned": "with warnings", "passes": "passing"}
MOST_PLANS = 20
OFTEN, SELDOM = 0.1, 1.0


@contextmanager
def followed(run: Any, out: TextIO | None = None) -> Iterator[None]:
    """Keep one line about the run up to date while the block lasts."""
    line = _Line(run, out or sys.stderr)
    with listening(line.rung):
        yield
    line.close()


class _Line:
    """One line on a terminal, rewritten in place; elsewhere a line now and then."""

    def __init__(self, run: Any, out: TextIO) -> None:
        self._run, self._out = run, out
        self._told_at = 0.0
        self._rewrites = out.isatty()

    def rung(self, run_id: int) -> None:
        pause = OFTEN if self._rewrites else SELDOM
        if run_id == self._run.pk and time.monotonic() - self._told_at >= pause:
            self._told_at = time.monotonic()
            self._tell()

    def close(self) -> None:
        self._tell()
        if self._rewrites:
            self._out.write("\n")

    def _tell(self) -> None:
        run = self._run
        text = f"{run.label}: {run.status} · cycle {run.cycle} of at most {run.max_cycles} · {plural(run.fact_count, 'fact')}"
        self._out.write(f"\r\x1b[2K{text}" if self._rewrites else f"{text}\n")
        self._out.flush()


def told(report: dict[str, Any]) -> str:
    """The report in a few lines for people."""
    after = f"{plural(report['cycles'], 'cycle')}, {plural(report['fact_count'], 'fact')}"
    lines = [f"{report['label']} — run {report['run']}", f"{_ended(report)} after {after}."]
    if report["message"] and report["status"] not in ("converged", "waiting"):
        lines.append(report["message"])
    lines += [_verdict(outcome) for outcome in report["outcomes"]]
    lines += _plans(report["plans"])
    if report["gates_open"]:
        lines.append("Waiting for: " + ", ".join(report["gates_open"]))
        lines.append("Decide with: manage.py decide GATE approve|reject|edit|answer …")
    if report["merkle_root"]:
        lines.append(f"Merkle root {report['merkle_root']}")
    return "\n".join(lines)


def _plans(plans: list[dict[str, Any]]) -> Iterator[str]:
    """Each plan with its verdict, who says so, and why."""
    if plans:
        counts = Counter(plan["verdict"] for plan in plans)
        verdicts = [f"{counts[verdict]} {words}" for verdict, words in VERDICTS.items() if counts[verdict]]
        yield f"{plural(len(plans), 'plan')} reviewed: {', '.join(verdicts)}."
    for plan in plans[:MOST_PLANS]:
        yield f"  {plan['id']}{f' ({title})' if (title := plan['title']) else ''} {_said_of(plan)}"
        for how, name in (("blocked by", "blocked_by"), ("fails", "failed_by"), ("warned by", "warned_by")):
            yield from (f"    {how} {remark['who']}: {'; '.join(remark['says'])}" for remark in plan[name])
        if plan["passed_by"]:
            yield f"    passed by {', '.join(plan['passed_by'])}"
    if len(plans) > MOST_PLANS:
        yield f"  … and {plural(len(plans) - MOST_PLANS, 'plan')} more: --json tells all"


def _said_of(plan: dict[str, Any]) -> str:
    verdict = {"blocked": "is blocked", "warned": "passes with warnings"}.get(plan["verdict"], plan["verdict"])
    if plan["recommendation"] is None:
        return verdict
    return f"{verdict}; the simulations alone say: {plan['recommendation'].replace('_', ' ')} (confidence {plan['confidence']:.2f})"


def as_json(report: dict[str, Any]) -> str:
    """The report as one JSON object."""
    return json.dumps(report, ensure_ascii=False, indent=2)


def sides_of(verification: Any) -> list[str]:
    """Both sides of what diverged, or why nothing could be said; nothing for what is verified."""
    if verification.verdict == "verified":
        return []
    recorded, executed = verification.sides
    if verification.verdict != "diverged":
        return [str(executed)]
    return [f"recorded: {_side(recorded)}", f"executed: {_side(executed)}"]


def _side(side: Any) -> str:
    if side is None:
        return "nothing"
    return side if isinstance(side, str) else json.dumps(side, ensure_ascii=False)


def _ended(report: dict[str, Any]) -> str:
    return str(report["status"]).capitalize()


def _verdict(outcome: dict[str, Any]) -> str:
    mark = "passes" if outcome["passes"] else "fails"
    tally = f"{outcome['yesVotes']} yes, {outcome['noVotes']} no, {outcome['abstainVotes']} abstain of {outcome['totalVoters']}"
    return f"  {outcome['topic']}: {mark} by {outcome['rule']} ({tally})"
