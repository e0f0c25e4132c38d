"""Every vector verifies; whatever is altered in its journal is named at its cycle."""

import json
from pathlib import Path

import pytest

from runs.engine import Seal
from runs.engine.recording import Recording
from runs.engine.verification import Verification, verify
from tests.conformance.interpret import Run
from tests.conformance.scenario import budget_of, gates_of, proposal_of, registry, team_of


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> list[dict]:
    lines = (shared / "conformance/original.jsonl").read_text().splitlines()
    return [json.loads(line)["scenario"] for line in lines]


def journal(run: Run) -> list[str]:
    return Seal("run", "tenant", "c").envelopes(run.rows, 0, 0, "2026-01-01T00:00:00.000000Z")


def verified(scenario: dict, texts: list[str]) -> Verification:
    seeds = [proposal_of(seed) for seed in scenario["seeds"]]
    terms = {"budget": budget_of(scenario), "gates": gates_of(scenario), "registry": registry()}
    return verify(team_of(scenario), seeds, Recording(texts), **terms)


def test_every_run_comes_out_again(scenarios: list[dict]) -> None:
    for scenario in scenarios:
        run = Run(scenario).go()
        if run.rows and run.finished and "hitl-bad-gate" not in scenario["tags"]:
            assert str(verified(scenario, journal(run))) == "verified", scenario["name"]


def test_an_altered_fact_is_named_at_its_cycle(scenarios: list[dict]) -> None:
    for scenario in scenarios:
        run = Run(scenario).go()
        for place, row in enumerate(run.rows):
            if row.fact is None or run.finished is None:
                continue
            texts = journal(run)
            texts[place] = texts[place].replace('"provenance":"', '"provenance":"x')
            found = verified(scenario, texts)
            assert (found.cycle, found.fact) == (row.cycle, f"{row.fact.key}/{row.fact.id}")
