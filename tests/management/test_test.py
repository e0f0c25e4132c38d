"""The test command itself, with lanes made up."""

import sys

import pytest
from django.core.management import call_command

from runs.management.commands import test as command
from runs.management.lanes import LANES, Lane

PASSING = Lane("good", ((sys.executable, "-c", "pass"),))
FAILING = Lane("bad", ((sys.executable, "-c", "raise SystemExit(3)"), (sys.executable, "-c", "pass")))
LACKING = Lane("far", ((sys.executable, "-c", "pass"),), lambda: "no moon; apt-get install moon")


def ended(monkeypatch, capsys, *lanes: Lane, full: bool = False) -> tuple[bool, str]:
    monkeypatch.setattr(command, "LANES", lanes)
    with pytest.raises(SystemExit) as end:
        call_command("test", full=full)
    return bool(end.value.code), capsys.readouterr().out


def test_the_last_line_counts_the_lanes(monkeypatch, capsys):
    failed, said = ended(monkeypatch, capsys, PASSING, FAILING, LACKING)
    assert failed
    assert said.rstrip().splitlines()[-1] == "1 passed, 1 failed, 1 skipped"


def test_a_skipped_lane_says_what_would_enable_it(monkeypatch, capsys):
    failed, said = ended(monkeypatch, capsys, PASSING, LACKING)
    assert not failed
    assert "far          skipped      0.0  no moon; apt-get install moon" in said


def test_full_fails_on_a_lane_that_lacks_something(monkeypatch, capsys):
    failed, said = ended(monkeypatch, capsys, PASSING, LACKING, full=True)
    assert failed
    assert said.rstrip().endswith("1 passed, 1 failed, 0 skipped")


def test_lanes_see_nothing_of_the_installations_own_settings(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://production/data")
    monkeypatch.setenv("ORGANISM_UNRELATED", "kept")
    variables = PASSING.variables()
    assert "DATABASE_URL" not in variables
    assert variables["ORGANISM_UNRELATED"] == "kept"
    assert variables["STATE_DIR"].endswith(".state/test")


def test_every_lane_stands_in_the_readme(settings):
    table = (settings.BASE_DIR / "README.md").read_text().split("| lane |")[1].split("\n\n")[0]
    assert [lane.name for lane in LANES if lane.name not in table] == []


def test_a_server_that_is_away_is_a_lack_and_no_error(monkeypatch):
    from runs.management import lanes

    monkeypatch.setattr(lanes, "POSTGRES_URLS", ["postgres://nobody@127.0.0.1:1/none"])
    monkeypatch.setattr(lanes, "REDIS_URL", "redis://127.0.0.1:1/0")
    assert "apt-get install postgresql" in lanes._lacks_postgres()
    assert "apt-get install redis-server" in lanes._lacks_redis()
