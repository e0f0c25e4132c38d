"""What models cost, for providers that report tokens but no cost: `prices.json`, in microdollars per 1000 tokens, as of its date."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

#: The entry of a table for models that it does not know.
OTHERS = "*"


class Price(msgspec.Struct, frozen=True, array_like=True):
    """Microdollars per 1000 tokens that go in and that come out."""

    input: int
    output: int


class Usage(msgspec.Struct, frozen=True):
    """What an answer says that it used; no cost where it says none."""

    input: int = 0
    output: int = 0
    cost_microdollars: int | None = None

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.input + self.output

    def cost(self, table: str | None, model: str) -> int:
        """The cost as reported, or by the table."""
        if self.cost_microdollars is not None:
            return self.cost_microdollars
        return 0 if table is None else cost_of(table, model, self.input, self.output)


class PriceList(msgspec.Struct, frozen=True):
    """Prices by table and model, and the month of which they are."""

    as_of: str
    tables: dict[str, dict[str, Price]]


@cache
def price_list() -> PriceList:
    """The list of `prices.json`."""
    return msgspec.json.decode(Path(__file__).with_name("prices.json").read_bytes(), type=PriceList)


def price_tables() -> dict[str, dict[str, Price]]:
    """Prices by table and model."""
    return price_list().tables


def price_of(table: str, model: str) -> Price:
    """The price of a model, of the longest name that it begins with; an unknown one costs as much as the dearest. Raises KeyError."""
    prices = price_tables()[table]
    known = max((name for name in prices if name != OTHERS and model.startswith(name)), key=len, default=OTHERS)
    return prices[known]


def cost_of(table: str, model: str, input: int, output: int) -> int:
    """Microdollars, rounded up."""
    price = price_of(table, model)
    return -(-(input * price.input + output * price.output) // 1000)


def usage_of(output: Any) -> Usage:
    """Read the `usage` of an answer as the usual models write it; numbers that make no sense count as none."""
    usage = output.get("usage") if isinstance(output, dict) else None
    if not isinstance(usage, dict):
        return Usage()
    given, made = _count(usage, "input_tokens", "prompt_tokens"), _count(usage, "output_tokens", "completion_tokens")
    cost = _count(usage, "cost_microdollars")
    return Usage(given or max(0, (_count(usage, "total_tokens") or 0) - (made or 0)), made or 0, cost)


def _count(usage: dict[str, Any], *names: str) -> int | None:
    values = (usage.get(name) for name in names)
    return next((value for value in values if type(value) is int and 0 <= value < 2**53), None)
