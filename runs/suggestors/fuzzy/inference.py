"""Fuzzy inference: rules over variables with fuzzy sets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Annotated, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.suggestors.forms import NotBlank, Unit
from runs.suggestors.fuzzy.functions import Function

Degrees = Mapping[str, Mapping[str, float]]


class FuzzySet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word for a range of numbers."""

    name: Annotated[NotBlank, Meta(description="The word.")]
    function: Annotated[Function, Meta(description="How much a number belongs.")]


class Variable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is measured, and the words for it."""

    name: Annotated[NotBlank, Meta(description="What is measured.")]
    sets: Annotated[list[FuzzySet], Meta(min_length=1, description="The words for it.")]

    def __post_init__(self) -> None:
        _refuse_doubles("set", (one.name for one in self.sets))


class _Expression(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op"):
    """Something that holds to some degree."""


class Is(_Expression, frozen=True, tag="is"):
    """That a variable is in a set."""

    variable: Annotated[NotBlank, Meta(description="The variable.")]
    set: Annotated[NotBlank, Meta(description="The set.")]

    def holds(self, degrees: Degrees) -> float:
        """The membership."""
        return degrees[self.variable][self.set]

    def named(self) -> Iterator[tuple[str, str]]:
        """Itself."""
        yield self.variable, self.set


class All(_Expression, frozen=True, tag="and"):
    """That all terms hold: the least of them."""

    terms: Annotated[list["Expression"], Meta(min_length=1, description="What must hold.")]

    def holds(self, degrees: Degrees) -> float:
        """The least."""
        return min(term.holds(degrees) for term in self.terms)

    def named(self) -> Iterator[tuple[str, str]]:
        """Those of all terms."""
        for term in self.terms:
            yield from term.named()


class Any(_Expression, frozen=True, tag="or"):
    """That one of the terms holds: the most of them."""

    terms: Annotated[list["Expression"], Meta(min_length=1, description="What may hold.")]

    def holds(self, degrees: Degrees) -> float:
        """The most."""
        return max(term.holds(degrees) for term in self.terms)

    def named(self) -> Iterator[tuple[str, str]]:
        """Those of all terms."""
        for term in self.terms:
            yield from term.named()


class Not(_Expression, frozen=True, tag="not"):
    """That the term does not hold."""

    term: Annotated["Expression", Meta(description="What must not hold.")]

    def holds(self, degrees: Degrees) -> float:
        """What is left of 1."""
        return 1 - self.term.holds(degrees)

    def named(self) -> Iterator[tuple[str, str]]:
        """Those of the term."""
        return self.term.named()


Expression = Union[Is, All, Any, Not]  # noqa: UP007 — the classes name it before it is there


class Consequent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What follows: a variable is in a set."""

    variable: Annotated[NotBlank, Meta(description="The variable.")]
    set: Annotated[NotBlank, Meta(description="The set.")]

    @property
    def key(self) -> str:
        """`variable.set`."""
        return f"{self.variable}.{self.set}"


class FuzzyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"antecedent": "if", "consequent": "then"}):
    """If one thing holds, another follows."""

    antecedent: Annotated[Expression, Meta(description="What must hold.")]
    consequent: Annotated[Consequent, Meta(description="What follows.")]
    id: Annotated[NotBlank | UnsetType, Meta(description="Its name; without one, `rule-N`.")] = UNSET
    weight: Annotated[Unit, Meta(description="How much it counts.")] = 1.0


class Activated(msgspec.Struct, frozen=True):
    """A rule that fired, and how much."""

    id: str
    antecedent_strength: float
    weight: float
    strength: float
    consequent: str


class Trace(msgspec.Struct, frozen=True):
    """What was inferred, and how."""

    inputs: dict[str, float]
    input_memberships: dict[str, dict[str, float]]
    memberships: dict[str, float]
    activated_rules: list[Activated]
    confidence: float
    total_rules: int


def infer(variables: Sequence[Variable], rules: Sequence[FuzzyRule], inputs: Mapping[str, float]) -> Trace:
    """Infer from numbers; raises `FuzzyInvalid`. Without rules the memberships of the inputs are all there is."""
    check(variables, rules)
    known = {variable.name: variable for variable in variables}
    _require_inputs(known, rules, inputs)
    degrees = {name: {one.name: one.function.degree(value) for one in known[name].sets} for name, value in inputs.items()}
    fired = [_fired(number, rule, degrees) for number, rule in enumerate(rules, 1)]
    memberships: dict[str, float] = {}
    for rule in fired:
        memberships[rule.consequent] = max(memberships.get(rule.consequent, 0.0), rule.strength)
    reached = memberships.values() if rules else [degree for sets in degrees.values() for degree in sets.values()]
    activated = [rule for rule in fired if rule.strength > 0]
    return Trace(dict(inputs), degrees, memberships, activated, max(reached, default=0.0), len(rules))


def _fired(number: int, rule: FuzzyRule, degrees: Degrees) -> Activated:
    holds, weight = rule.antecedent.holds(degrees), float(rule.weight)
    id = rule.id if isinstance(rule.id, str) else f"rule-{number}"
    return Activated(id, holds, weight, holds * weight, rule.consequent.key)


def check(variables: Sequence[Variable], rules: Sequence[FuzzyRule]) -> None:
    """Raise `FuzzyInvalid` unless the rules speak of these variables and their sets."""
    if not variables:
        raise FuzzyInvalid("there are no variables")
    _refuse_doubles("variable", (variable.name for variable in variables))
    sets = {(variable.name, one.name) for variable in variables for one in variable.sets}
    for rule in rules:
        for variable, name in (*rule.antecedent.named(), (rule.consequent.variable, rule.consequent.set)):
            if (variable, name) not in sets:
                raise FuzzyInvalid(f"a rule names the unknown set '{variable}.{name}'")


def _require_inputs(known: Mapping[str, Variable], rules: Sequence[FuzzyRule], inputs: Mapping[str, float]) -> None:
    if not inputs:
        raise FuzzyInvalid("there are no inputs")
    for name, value in inputs.items():
        if name not in known:
            raise FuzzyInvalid(f"the input '{name}' is no variable")
        if not isfinite(value):
            raise FuzzyInvalid(f"the input '{name}' must be a finite number")
    for rule in rules:
        for variable, _ in rule.antecedent.named():
            if variable not in inputs:
                raise FuzzyInvalid(f"a rule needs the input '{variable}'")


def _refuse_doubles(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise FuzzyInvalid(f"the {what} '{name}' stands twice")
        seen.add(name)


class FuzzyInvalid(ValueError):
    """Nothing can be inferred from this."""
