"""The skeptic that follows second-order effects."""

import pytest

from runs.suggestors.skeptics import CausalSkeptic
from tests.suggestors.plans import plan, verdict


def claims(*pairs: str) -> list[dict]:
    return [dict(zip(("cause", "effect"), pair.split(">"), strict=True)) for pair in pairs]


NONE = "advisory: no causal claims: second-order effects cannot be followed"


def found(annotation) -> list[str]:
    content = verdict(CausalSkeptic(), plan(**annotation))[1]
    return [f"{severity}: {message}" for severity, message in zip(content["severities"], content["findings"], strict=True)]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({}, [NONE]),
        (
            {"actions": ["Cut support hours"], "constraints": ["support"]},
            ["blocker: the action 'Cut support hours' touches the declared constraint 'support'", NONE],
        ),
        ({"actions": ["Cut hours"], "constraints": ["support"]}, [NONE]),
        ({"actions": ["Cut hours"], "constraints": [" "]}, [NONE]),
        (
            {
                "actions": ["cut hours"],
                "constraints": ["Churn"],
                "causal_claims": claims("Cut hours>slow answers", "slow answers>more churn"),
            },
            ["warning: second-order effect: 'cut hours' leads to 'more churn', which touches the constraint 'Churn'"],
        ),
        ({"actions": ["hire"], "constraints": ["churn"], "causal_claims": claims("cut hours>churn")}, []),
        ({"causal_claims": claims("a>b", "b>c")}, []),
        ({"causal_claims": claims("a>a")}, ["warning: circular causal claims: a → a"]),
        ({"causal_claims": claims("a>b", "b>a")}, ["warning: circular causal claims: b → a → b"]),
        ({"causal_claims": [{"cause": "a"}, {"effect": "b"}]}, [NONE]),
    ],
)
def test_what_it_finds(annotation, expected):
    assert found(annotation) == expected


def test_a_long_circle_is_told_from_causes_to_effects():
    (finding,) = found({"causal_claims": claims("a>b", "b>c", "c>d", "d>b")})
    assert finding.removeprefix("warning: circular causal claims: ") in ("b → c → d → b", "c → d → b → c", "d → b → c → d")


def test_a_chain_that_runs_in_a_circle_ends():
    assert len(found({"actions": ["a"], "constraints": ["b"], "causal_claims": claims("a>b", "b>a")})) == 2


@pytest.mark.parametrize(
    ("risk", "warned"),
    [
        ({"likelihood": "very_likely"}, True),
        ({"likelihood": "likely"}, True),
        ({"likelihood": "possible"}, False),
        ({"likelihood": "likely", "mitigation": "insurance"}, False),
        ({"likelihood": "likely", "mitigation": " "}, True),
    ],
)
def test_likely_risks_need_a_mitigation(risk, warned):
    assert found({"risks": [risk | {"description": "fire"}], "causal_claims": claims("a>b")}) == (
        [f"warning: no mitigation for the {risk['likelihood']} risk 'fire'"] if warned else []
    )


def test_where_it_says_so():
    assert verdict(CausalSkeptic(), plan())[0] == "Evaluations/causal-skeptic-eval-s1"
    place, content = verdict(CausalSkeptic(), plan(actions=["x"], constraints=["X"]))
    assert place == "Constraints/causal-skeptic-block-s1"
    assert (content["agent"], content["kind"]) == ("causal-skeptic", "causal_skepticism")
