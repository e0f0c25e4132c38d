"""What models cost."""

import pytest

from runs.suggestors.providers.prices import OTHERS, Usage, cost_of, price_list, price_of, price_tables, usage_of
from tests.server import ROOT


def test_every_table_knows_what_to_do_about_unknown_models():
    for table, prices in price_tables().items():
        dearest = max(price.output for price in prices.values())
        assert prices[OTHERS].output >= dearest, table


def test_the_readme_tells_of_when_the_prices_are():
    assert f"prices.json` (as of {price_list().as_of};" in (ROOT / "README.md").read_text()


def test_the_longest_name_that_a_model_begins_with_counts():
    assert price_of("openai", "gpt-4o-mini-2024-07-18") == price_tables()["openai"]["gpt-4o-mini"]
    assert price_of("openai", "gpt-4o-2024-11-20") == price_tables()["openai"]["gpt-4o"]
    assert price_of("openai", "gpt-5-mini") != price_of("openai", "gpt-5")
    assert price_of("openai", "gpt-5.9").output == price_of("openai", "gpt-5-pro").output  # a sibling nobody knows is no cheap one
    assert price_of("openai", "something-new") == price_tables()["openai"][OTHERS]


@pytest.mark.parametrize(("given", "made", "cost"), [(1000, 0, 150), (1, 0, 1), (0, 0, 0), (1000, 1000, 750), (7, 0, 2)])
def test_costs_are_whole_and_rounded_up(given, made, cost):
    assert cost_of("openai", "gpt-4o-mini", given, made) == cost


@pytest.mark.parametrize(
    ("output", "usage"),
    [
        ({"usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}, Usage(5, 2)),
        ({"usage": {"input_tokens": 5, "output_tokens": 2}}, Usage(5, 2)),
        ({"usage": {"total_tokens": 9}}, Usage(9, 0)),
        ({"usage": {"cost_microdollars": 4}}, Usage(0, 0, 4)),
        ({"usage": {"prompt_tokens": -5, "completion_tokens": True, "total_tokens": "9"}}, Usage()),
        *(({"usage": []}, Usage()), ({}, Usage()), ([], Usage()), (None, Usage())),
    ],
)
def test_usage_is_read_as_models_write_it(output, usage):
    assert usage_of(output) == usage


def test_a_cost_that_was_told_is_believed():
    assert Usage(1000, 1000, 4).cost("openai", "gpt-4o") == 4
    assert Usage(1000, 1000).cost(None, "gpt-4o") == 0
