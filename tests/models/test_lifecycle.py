"""State machines are data, and the tables agree with them."""

import pytest

from runs.models import EFFECT, GATE, RUN, VERIFICATION, EffectPhase, GateStatus, Lifecycle, RunStatus, TransitionRefused, Verdict
from tests.server import ROOT


@pytest.mark.parametrize(("lifecycle", "choices"), [(RUN, RunStatus), (GATE, GateStatus), (EFFECT, EffectPhase), (VERIFICATION, Verdict)])
def test_every_state_of_the_column_stands_in_the_table_of_transitions(lifecycle, choices):
    assert set(lifecycle.transitions) == set(choices.values)


@pytest.mark.parametrize("lifecycle", [RUN, GATE, EFFECT, VERIFICATION])
def test_every_state_that_follows_is_a_state(lifecycle):
    assert {after for following in lifecycle.transitions.values() for after in following} <= set(lifecycle.transitions)


def test_a_finished_run_stays_finished():
    assert RUN.final == {"converged", "exhausted", "failed", "cancelled"}
    assert not any(RUN.can(state, other) for state in RUN.final for other in RUN.transitions)


def test_the_twins_agree():
    pairs = [(before, after) for before in RUN.transitions for after in RUN.transitions]
    assert all(RUN.can(*pair) is not _refuses(RUN, *pair) for pair in pairs)


def test_a_refusal_names_both_states():
    with pytest.raises(TransitionRefused, match="a run that is converged cannot become running"):
        RUN.check("converged", "running")


def _refuses(lifecycle: Lifecycle, before: str, after: str) -> bool:
    try:
        lifecycle.check(before, after)
    except TransitionRefused:
        return True
    return False


@pytest.mark.parametrize("lifecycle", [RUN, GATE, EFFECT])
def test_the_readme_draws_the_table_of_transitions(lifecycle):
    assert lifecycle.table in (ROOT / "README.md").read_text()
