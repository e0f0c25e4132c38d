"""Episodes, signals and calibrations: the formulas of the original, on both sides of every limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import ContextKey
from runs.suggestors.learning import Story, calibrated, has_infra_failure, signals_of
from runs.suggestors.learning.episodes import CATEGORIES, ErrorDimension, LearningEpisode, PredictionError
from runs.suggestors.priors import PriorCalibration
from tests.suggestors.learning.stories import CONVERGED, EXCEEDED, SPENT, episode, story


def dimensions(told: LearningEpisode) -> dict[str, tuple[float, float]]:
    assert told.prediction_error is not None
    return {each.name: (each.predicted, each.actual) for each in told.prediction_error.dimensions}


def test_what_was_proposed_last_is_the_outcome():
    told = episode(story(proposals=["first", "last"]))
    assert (told.predicted_outcome, told.actual_outcome, told.run_status) == ("last", "last", None)


def test_without_a_proposal_no_synthesis_was_produced():
    told = episode(story())
    assert (told.predicted_outcome, told.actual_outcome) == ("No synthesis produced for boats", None)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (CONVERGED, "Run passed via converge-engine (Converged)"),
        (SPENT, "Run failed via converge-engine (Cycle budget exhausted: 0/0)"),
        ({"passed": True}, "Run passed via unknown-backend (no stop reason recorded)"),
        ({"passed": False, "stop_reason": "Elsewhere"}, "Run failed via unknown-backend (Elsewhere)"),
    ],
)
def test_the_status_in_words(outcome, words):
    assert episode(story(outcome=outcome)).run_status == words


def test_the_last_outcome_counts():
    assert episode(story(("OutcomeRecorded", SPENT), outcome=CONVERGED)).run_status == "Run passed via converge-engine (Converged)"


def test_the_prediction_error():
    hypotheses = [{"category": "product"}, {"category": "market"}, {"category": "Market"}, "words"]
    told = episode(story(hypotheses=hypotheses, evaluations=["a contradiction", "fine"], signals=["s"] * 8))
    assert told.prediction_error is not None
    assert told.prediction_error.magnitude == pytest.approx(4 / 6)
    assert dimensions(told) == {
        "category_coverage": (1.0, pytest.approx(2 / 6)),
        "contradiction_rate": (0.0, 0.25),
        "signal_to_hypothesis_ratio": (0.5, 0.5),
    }


def test_of_nothing_the_rates_are_zero():
    assert dimensions(episode(story(evaluations=["contradiction"]))) == {
        "category_coverage": (1.0, 0.0),
        "contradiction_rate": (0.0, 0.0),
        "signal_to_hypothesis_ratio": (0.5, 0.0),
    }


@pytest.mark.parametrize(("categories", "coverage"), [(["boats"], 1.0), (["boats", "sails"], 0.5), ([], 1.0)])
def test_an_author_says_what_is_expected(categories, coverage):
    told = episode(story(hypotheses=[{"category": "boats"}]), categories=categories)
    assert dimensions(told)["category_coverage"] == (1.0, coverage)
    assert len(told.lessons) == (coverage < 1)


def lessons(told: Story) -> list[tuple[str, float]]:
    whole = {"hypotheses": [{"category": each} for each in CATEGORIES]}
    texts = {**told.texts, ContextKey.HYPOTHESES: [*told.under(ContextKey.HYPOTHESES), *story(**whole).under(ContextKey.HYPOTHESES)]}
    return [(lesson.insight, lesson.confidence) for lesson in episode(Story(texts, told.events)).lessons]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (story(outcome=CONVERGED), []),
        (story(evaluations=["contradiction"] * 2), [("2 contradictions found", 0.8)]),
        (story(strategies=["s"] * 6), []),
        (story(strategies=["s"] * 7), [("3 strategies beyond the standard ones were needed", 0.7)]),
        (story(outcome=SPENT), [("Run ended without a passing outcome (Cycle budget exhausted: 0/0)", 0.75)]),
        (story(outcome={"passed": False}), [("Run ended without a passing outcome", 0.75)]),
        (story(EXCEEDED, EXCEEDED), [("2 budget guard events", 0.85)]),
    ],
)
def test_lessons(told, expected):
    assert lessons(told) == expected


def test_what_is_missing_is_the_first_lesson():
    (lesson,) = episode(story(hypotheses=[{"category": each} for each in CATEGORIES[1:5]])).lessons
    assert (lesson.insight, lesson.context, lesson.confidence) == ("Missing categories: product, financials", "boats", 0.9)


def test_contradictions_are_failed_assumptions():
    told = episode(story(evaluations=[{"kind": "contradiction", "description": "dry"}, {"contradiction": 1}, "a contradiction"]))
    assert [(each.kind, each.failed_assumption) for each in told.adversarial_signals] == [
        ("contradiction", "dry"),
        ("contradiction", "sources disagree"),
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (story(outcome=CONVERGED), [("outcome_matched_expectation", 1.0)]),
        (story(outcome=SPENT), [("outcome_missed_expectation", 0.9)]),
        (story(proposals=["p"]), [("outcome_matched_expectation", 1.0)]),
        (story(), [("outcome_missed_expectation", 0.8)]),
        (story(outcome=CONVERGED, evaluations=["contradiction"]), [("outcome_matched_expectation", 1.0), ("adversarial_warning", 0.6)]),
        (story(outcome=CONVERGED, hypotheses=["h"] * 50), [("outcome_matched_expectation", 1.0)]),
        (story(outcome=CONVERGED, hypotheses=["h"] * 51), [("outcome_matched_expectation", 1.0), ("outcome_beat_expectation", 0.5)]),
        (story(EXCEEDED, outcome=SPENT), [("outcome_missed_expectation", 0.9), ("adversarial_blocker", 1.0)]),
        (
            story(outcome=CONVERGED, constraints=[{"agent": "economic-skeptic"}, {"agent": "anomaly-skeptic"}, {"agent": []}]),
            [("outcome_matched_expectation", 1.0), ("adversarial_blocker", 0.9)],
        ),
        (
            story(outcome=CONVERGED, evaluations=[{"warnings": None}, {"findings": []}]),
            [("outcome_matched_expectation", 1.0), ("adversarial_warning", 0.5)],
        ),
    ],
)
def test_signals(told, expected):
    assert [(str(signal.kind), signal.weight) for signal in signals_of(told)] == expected


@pytest.mark.parametrize(("text", "failed"), [('{"is_infra_failure":true}', True), ('{"is_infra_failure": true}', False), ("", False)])
def test_failures_of_the_machinery(text, failed):
    assert has_infra_failure(story(constraints=[text])) is failed


def an_error(**actual: float) -> LearningEpisode:
    error = PredictionError(0, tuple(ErrorDimension(name, 1.0, value) for name, value in actual.items()))
    return LearningEpisode("e", "i", "p", "x", None, None, error)


def test_a_first_calibration_starts_in_the_middle():
    assert calibrated(an_error(a=1.0, b=0.96)) == [PriorCalibration("a", "", 0.5, 0.75, 1), PriorCalibration("b", "", 0.5, 0.73, 1)]


def test_a_second_one_goes_on_from_the_first():
    (second,) = calibrated(an_error(a=1.0), calibrated(an_error(a=1.0)))
    assert (second.prior_confidence, second.posterior_confidence, second.evidence_count) == (0.75, pytest.approx(5 / 6), 2)


def test_failures_pull_down_what_successes_pulled_up():
    up = calibrated(an_error(a=1.0))
    assert calibrated(an_error(a=0.0), up)[0].posterior_confidence < up[0].posterior_confidence


@given(st.floats(0, 1e9), st.lists(st.floats(0, 1e9), max_size=8))
def test_a_posterior_is_never_outside_its_range(first, later):
    known = calibrated(an_error(a=first))
    for actual in later:
        known = calibrated(an_error(a=actual), known)
    assert 0 <= known[0].posterior_confidence <= 1
    assert known[0].evidence_count == 1 + len(later)


@given(st.lists(st.text(max_size=20)), st.lists(st.text(max_size=20)))
def test_whatever_stands_in_a_context_can_be_learnt_from(hypotheses, evaluations):
    told = story(hypotheses=hypotheses, evaluations=evaluations, constraints=["[" * 5000])
    assert episode(told).prediction_error
    assert signals_of(told)
