"""The vectors, and that a run may be cut at any border and go on from its own rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.__main__ import main
from tests.conformance.compare import differences, is_skipped
from tests.conformance.interpret import Run, result_of

VECTORS = "conformance/original.jsonl"


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[dict]:
    return [json.loads(line) for line in (shared / VECTORS).read_text().splitlines()]


def digests(run: Run) -> list[str]:
    return [row.data["digest"] for row in run.rows if row.kind in ("CycleEnded", "RunFinished") and row.data]


def test_every_case_is_equal_to_the_original_but_for_its_excuses(cases: list[dict]) -> None:
    found = [
        f"{case['scenario']['name']}: {difference}"
        for case in cases
        if not is_skipped(case["scenario"])
        for difference in differences(case["scenario"], case["expected"], result_of(Run(case["scenario"]).go()))
    ]
    assert found == []


def test_a_run_cut_at_every_border_equals_the_unbroken_one(cases: list[dict]) -> None:
    for case in cases:
        whole, cut = Run(case["scenario"]).go(), Run(case["scenario"], cut=True).go()
        assert digests(cut) == digests(whole), case["scenario"]["name"]
        assert result_of(cut) == result_of(whole), case["scenario"]["name"]


def test_a_scenario_runs_equally_under_two_hash_seeds(shared: Path, tmp_path: Path) -> None:
    results = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.jsonl"
        command = [sys.executable, "-m", "tests.conformance", str(shared / VECTORS), "--results", str(out)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.DEVNULL)
        results.append(out.read_text())
    assert results[0] == results[1]


def test_a_difference_is_printed_and_fails_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = {"name": "made up", "tags": [], "seeds": [], "suggestors": []}
    expected = {"name": "made up", "outcome": "converged", "cycles": 7}
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({"scenario": scenario, "expected": expected}) + "\n")
    assert main([str(file)]) == 1
    assert "made up: cycles: expected 7, got 1" in capsys.readouterr().out
