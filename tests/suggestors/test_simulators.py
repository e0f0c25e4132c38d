"""The simulators, deterministic: every threshold on both sides, every word that others look for."""

import pytest

from runs.suggestors.simulators import (
    CausalSimulation,
    CausalSimulationParams,
    CostSimulation,
    CostSimulationParams,
    OperationalSimulation,
    OperationalSimulationParams,
    OutcomeSimulation,
    OutcomeSimulationParams,
    PolicySimulation,
    PolicySimulationParams,
)
from runs.suggestors.simulators.results import LIKELIHOODS, five_samples, likelihood_of
from tests.suggestors.plans import findings, plain, plan, verdict


def told(judge, **annotation) -> tuple[bool, float]:
    content = verdict(judge, plan(**annotation))[1]
    return content["passed"], round(content["confidence"], 6)


def impacts(*confidences) -> list[dict]:
    return [{"confidence": confidence} for confidence in confidences]


def risks(*likelihoods) -> list[dict]:
    return [{"likelihood": likelihood} for likelihood in likelihoods]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({}, (False, 0.5)),
        ({"impacts": impacts(0.6)}, (True, 0.6)),
        ({"impacts": impacts(0.59)}, (False, 0.59)),
        ({"impacts": impacts(0.9, 0.5)}, (True, 0.7)),
        ({"impacts": impacts(0.9), "risks": risks("very_likely")}, (True, 0.63)),
        ({"impacts": impacts(0.8), "risks": risks("likely", "rare")}, (True, 0.6875)),
        ({"impacts": impacts(0.75), "risks": risks("whatever")}, (True, 0.6)),
        ({"impacts": impacts(0.74), "risks": risks("whatever")}, (False, 0.59)),
        ({"impacts": impacts(0.9), "risks": [{"likelihood": 3}, {}]}, (True, 0.9)),
        ({"impacts": impacts(7)}, (True, 1.0)),
        ({"impacts": impacts(-7)}, (False, 0.0)),
        ({"impacts": [{"confidence": "1"}, {"confidence": True}]}, (False, 0.5)),
    ],
)
def test_outcome(annotation, expected):
    assert told(OutcomeSimulation(), **annotation) == expected


def test_outcome_says_what_it_counted():
    assert "neutral prior" in findings(OutcomeSimulation())[0]
    assert findings(OutcomeSimulation(), impacts=impacts(0.4), risks=risks("likely")) == [
        "1 impacts with a mean confidence of 0.40",
        "1 risks with a penalty of 0.21",
        "the effective confidence of 0.19 is below 0.60",
    ]


def test_the_parameters_of_outcome():
    judge = OutcomeSimulation(OutcomeSimulationParams(confidence_threshold=0.4, risk_weight=1.0))
    assert told(judge, impacts=impacts(0.8), risks=risks("possible")) == (True, 0.4)


@pytest.mark.parametrize(
    ("word", "likelihood"), [*LIKELIHOODS.items(), ("VeryLikely", 0.9), ("Rare", 0.05), ("RARE", 0.5), ("low", 0.5), ("", 0.5)]
)
def test_words_for_likelihoods(word, likelihood):
    assert likelihood_of(word) == likelihood


def costs(*estimates, uncertainty=None) -> list[dict]:
    return [{"estimate": estimate} | ({} if uncertainty is None else {"uncertainty": uncertainty}) for estimate in estimates]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({}, (True, 0.5)),
        ({"costs": costs(0)}, (True, 0.5)),
        ({"costs": costs(-10)}, (True, 0.5)),
        ({"costs": costs(57_500)}, (True, 0.5)),
        ({"costs": costs(100_000, 15_000)}, (True, 0.0)),
        ({"costs": costs(115_000.004)}, (True, 0.0)),
        ({"costs": costs(115_000.01)}, (False, 0.0)),
        ({"costs": costs(110_000)}, (True, round(1 - 110 / 115, 6))),
        ({"costs": costs(1e308, 1e308)}, (False, 0.0)),
        ({"costs": [{"uncertainty": 0.9}]}, (True, 0.5)),
    ],
)
def test_cost(annotation, expected):
    assert told(CostSimulation(), **annotation) == expected


@pytest.mark.parametrize(
    ("annotation", "word", "index"),
    [
        ({}, "no cost annotations", 0),
        ({"costs": costs(100_000.01)}, "overrun: 100000 is 0.0 % over", 1),
        ({"costs": costs(112_345)}, "12.3 % over", 1),
        ({"costs": costs(100, uncertainty=0.51)}, "high uncertainty of the estimates: 0.51", 1),
    ],
)
def test_cost_says_what_is_unusual(annotation, word, index):
    assert word in findings(CostSimulation(), **annotation)[index]


def test_cost_is_silent_on_what_is_usual():
    assert findings(CostSimulation(), costs=costs(60_000, 40_000, uncertainty=0.5)) == ["2 costs with a total of 100000, ceiling 100000"]


def test_the_parameters_of_cost():
    judge = CostSimulation(CostSimulationParams(budget_ceiling=10, overrun_tolerance=0))
    assert (told(judge, costs=costs(10))[0], told(judge, costs=costs(10.01))[0]) == (True, False)


def spread(uncertainty) -> float:
    samples = verdict(CostSimulation(), plan(costs=costs(50_000, uncertainty=uncertainty)))[1]["samples"]
    return samples[2]["probability"]


def test_uncertainty_widens_the_distribution_of_costs():
    assert spread(0.0) > spread(0.3) > spread(0.8) > spread(2) > 0.2
    assert spread(-1) == spread(0.0)


@pytest.mark.parametrize(
    ("params", "annotation", "expected", "word"),
    [
        ({}, {"authority_level": 1}, (True, 1.0), "suffices"),
        ({}, {"authority_level": 0}, (False, 0.0), "below required"),
        ({"required_authority_level": 3}, {"authority_level": 2}, (False, 0.0), "below required 3"),
        ({"required_authority_level": 3}, {"authority_level": 3}, (True, 1.0), "suffices"),
        ({}, {}, (False, 0.0), "blocked by policy"),
        ({}, {"authority_level": 2.0}, (False, 0.0), "blocked by policy"),
        ({"block_on_missing_authority": False}, {}, (True, 1.0), "no authority level declared"),
        ({}, {"authority_level": 2**32}, (False, 0.0), "below required"),
        ({"require_compliance_tags": ["gdpr"]}, {"authority_level": 1}, (False, 0.5), "gdpr missing"),
        ({"require_compliance_tags": ["gdpr"]}, {"authority_level": 1, "compliance_tags": ["gdpr"]}, (True, 1.0), "gdpr satisfied"),
        ({"require_compliance_tags": ["a", "b"]}, {"compliance_tags": ["a"]}, (False, round(1 / 3, 6)), "b missing"),
        ({}, {"authority_level": 1, "approval_gates": ["board", "legal"]}, (True, 1.0), "2 approval gate(s): board, legal"),
    ],
)
def test_policy(params, annotation, expected, word):
    judge = PolicySimulation(PolicySimulationParams(**params))
    assert told(judge, **annotation) == expected
    assert any(word in finding for finding in findings(judge, **annotation))


def claim(cause="a", effect="b", evidence=1, confounders=()) -> dict:
    return {"cause": cause, "effect": effect, "evidence_count": evidence, "confounders": list(confounders)}


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([claim()], (True, 1.0)),
        ([claim(evidence=0)], (False, 0.0)),
        ([claim(evidence=0), claim("c", "d")], (True, 0.5)),
        ([claim(evidence=0), claim("c", "d", 0), claim("e", "f")], (False, round(1 / 3, 6))),
        ([claim(confounders=["x", "y"])], (True, 0.8)),
        ([claim(str(n), "z", 1, ["x"]) for n in range(2)], (True, 0.6)),
        ([claim(str(n), "z", 1, ["x"]) for n in range(3)], (False, 0.4)),
        ([claim("a", "b"), claim("b", "a")], (True, 0.5)),
        ([claim("a", "b"), claim("b", "a", 0)], (False, 0.0)),
        ([claim("a", "a")], (True, 1.0)),
        ([{"cause": "a"}, {"effect": "b"}], (True, 0.5)),
        ([{"cause": "a", "effect": "b", "evidence_count": 1.0}], (False, 0.0)),
    ],
)
def test_causal(claims, expected):
    assert told(CausalSimulation(), causal_claims=claims) == expected


def test_causal_says_what_is_wrong():
    found = findings(CausalSimulation(), causal_claims=[claim(evidence=0, confounders=["x"]), claim("b", "a")], assumptions=["s"])
    assert found == [
        "weak claim: a → b has 0 of 1 observations",
        "confounded claim: a → b by x",
        "1 assumptions bear on the causes",
        "circular claims: b ↔ a",
        "the causal confidence of 0.00 is below 0.50",
    ]


def test_assumptions_alone_are_believed():
    assert told(CausalSimulation(), assumptions=["a"]) == (True, 1.0)


def test_the_parameters_of_causal():
    judge = CausalSimulation(CausalSimulationParams(min_evidence_links=3, confounder_penalty=0.5, confidence_threshold=0.6))
    assert told(judge, causal_claims=[claim(evidence=3)]) == (True, 1.0)
    assert told(judge, causal_claims=[claim(evidence=2)]) == (False, 0.0)
    assert told(judge, causal_claims=[claim(evidence=3, confounders=["x"])]) == (False, 0.5)


def needs(name="d", **fields) -> dict:
    return {"name": name} | fields


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({}, (True, 1.0)),
        ({"team_utilization": 0.85, "system_load": 0.8}, (True, 1.0)),
        ({"team_utilization": 0.95}, (True, 0.8)),
        ({"system_load": 1.0}, (True, 0.6)),
        ({"team_utilization": 1.2}, (False, 0.3)),
        ({"team_utilization": 9}, (False, 0.0)),
        ({"dependencies": [needs(available=False)]}, (True, 0.7)),
        ({"dependencies": [needs(available=False), needs(available=False)]}, (False, 0.4)),
        ({"dependencies": [needs(available="no"), needs(available=True), {"available": False}]}, (True, 1.0)),
        ({"dependencies": [needs(lead_time_days=30)], "timeline_days": 30}, (True, 1.0)),
        ({"dependencies": [needs(lead_time_days=31), needs(lead_time_days=2)], "timeline_days": 30}, (True, 0.8)),
        ({"dependencies": [needs(lead_time_days=31)]}, (True, 1.0)),
        ({"dependencies": [needs(available=False, lead_time_days=31)], "timeline_days": 30}, (True, 0.5)),
    ],
)
def test_operational(annotation, expected):
    assert told(OperationalSimulation(), **annotation) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({}, ["team utilization is not declared", "system load is not declared"]),
        ({"team_utilization": 0.8, "system_load": 0.5}, ["team utilization of 80 % is within 85 %", "system load of 50 % is within 80 %"]),
        (
            {"team_utilization": 0.9, "system_load": 0.9},
            ["team overloaded: 90 % of at most 85 %", "system overloaded: 90 % of at most 80 %"],
        ),
    ],
)
def test_operational_speaks_of_loads(annotation, expected):
    assert findings(OperationalSimulation(), **annotation) == expected


def test_operational_speaks_of_dependencies():
    found = findings(OperationalSimulation(), dependencies=[needs("chips", available=False, lead_time_days=9)], timeline_days=8)
    assert found[2:] == ["dependency unavailable: chips", "lead time of 9 days exceeds the timeline of 8 days"]


def test_the_parameters_of_operational():
    judge = OperationalSimulation(OperationalSimulationParams(max_team_utilization=0.5, max_system_load=0.5, confidence_threshold=0.5))
    assert told(judge, team_utilization=0.75) == (True, 0.5)
    assert told(judge, system_load=0.76) == (False, 0.48)


@pytest.mark.parametrize(
    ("judge", "passing", "prefixes"),
    [
        (OutcomeSimulation(), {"impacts": impacts(1)}, ("sim-pass-", "sim-fail-")),
        (CostSimulation(CostSimulationParams(budget_ceiling=1e-9)), {"costs": costs(0)}, ("cost-pass-", "cost-fail-")),
        (PolicySimulation(), {"authority_level": 1}, ("policy-pass-", "policy-fail-")),
        (CausalSimulation(CausalSimulationParams(confidence_threshold=1)), {"assumptions": ["a"]}, ("causal-pass-", "causal-fail-")),
        (OperationalSimulation(), {}, ("ops-pass-", "ops-fail-")),
    ],
)
def test_what_passes_is_an_evaluation_and_what_fails_a_constraint(judge, passing, prefixes):
    failing = {
        "costs": costs(1),
        "causal_claims": [claim(evidence=0)],
        "team_utilization": 2,
    }
    place, content = verdict(judge, plan(**passing))
    assert place == f"Evaluations/{prefixes[0]}s1"
    assert list(content) == ["strategy_id", "dimension", "passed", "confidence", "findings", "samples"]
    place, content = verdict(judge, plan(**failing))
    assert place == f"Constraints/{prefixes[1]}s1"
    assert list(content) == ["strategy_id", "dimension", "passed", "confidence", "findings", "recommendation", "samples"]
    assert content["recommendation"] == "do_not_proceed"


def test_five_samples_share_one_whole():
    samples = five_samples(0.5)
    assert [sample.value for sample in samples] == [0.1, 0.3, 0.5, 0.7, 0.9]
    assert round(sum(sample.probability for sample in samples), 8) == 1
    assert max(samples, key=lambda sample: sample.probability).value == 0.5


def test_probabilities_are_rounded_to_their_grains():
    assert [sample.probability for sample in five_samples(0.9, grains=10)] == [0.0, 0.1, 0.1, 0.3, 0.6]


def test_words_declare_nothing_to_simulate():
    assert verdict(OutcomeSimulation(), plain("words"))[0] == "Constraints/sim-fail-s1"
