"""Problems for the solver, `organism.problem` v1, and their solutions, `organism.solution` v1.

As payloads they are checked wherever a document brings them; the JSON of a problem in a text is read as well. Amounts are
taken to four decimals.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

PROBLEM_FAMILY = "organism.problem"
SOLUTION_FAMILY = "organism.solution"

LONGEST_NAME = 200
MOST_NAMES = 500
MOST_PAIRS = 20_000
MOST_OPTIONS = 200
Label = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Amount = Annotated[float, Meta(ge=0, le=1e9)]
Rate = Annotated[float, Meta(ge=0, le=1000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a problem; what was not given is not written."""


class _Problem(_Part, frozen=True, tag_field="kind"):
    """A problem; each kind checks what no type can tell."""

    def __post_init__(self) -> None:
        for fault in self.faults():
            raise ValueError(fault)

    def faults(self) -> Iterator[str]:
        """What is wrong beyond the types."""
        raise NotImplementedError


class Pair(_Part, frozen=True):
    """That somebody may do a task, and at what cost or gain."""

    agent: Annotated[Label, Meta(description="Who.")]
    task: Annotated[Label, Meta(description="Which task.")]
    amount: Annotated[Amount, Meta(description="What it costs, or brings.")]


class Assignment(_Problem, frozen=True, tag="assignment"):
    """Who does what: every task is done by exactly one."""

    agents: Annotated[list[Label], Meta(min_length=1, max_length=MOST_NAMES, description="Who is there.")]
    tasks: Annotated[list[Label], Meta(min_length=1, max_length=MOST_NAMES, description="What is to be done.")]
    pairs: Annotated[list[Pair], Meta(max_length=MOST_PAIRS, description="Who may do what; all other pairs are ruled out.")]
    goal: Annotated[Literal["minimize", "maximize"], Meta(description="Whether the amounts are costs or gains.")] = "minimize"
    most_tasks: Annotated[Count, Meta(description="How many tasks each may do.")] = 1

    def faults(self) -> Iterator[str]:
        """Names twice, pairs of strangers."""
        yield from twice("agents", self.agents)
        yield from twice("tasks", self.tasks)
        yield from twice("pairs", [(pair.agent, pair.task) for pair in self.pairs])
        yield from unknown("pairs", [pair.agent for pair in self.pairs], self.agents, "agent")
        yield from unknown("pairs", [pair.task for pair in self.pairs], self.tasks, "task")


class Item(_Part, frozen=True):
    """Something that may be taken."""

    name: Annotated[Label, Meta(description="What it is called.")]
    value: Annotated[Amount, Meta(description="What one of it is worth.")]
    weight: Annotated[Amount, Meta(description="What one of it takes of the capacity.")]
    most: Annotated[Count, Meta(description="How many of it there are.")] = 1
    required: Annotated[bool, Meta(description="Whether at least one must be taken.")] = False


class Knapsack(_Problem, frozen=True, tag="knapsack"):
    """What to take so that it fits and is worth the most."""

    capacity: Annotated[Amount, Meta(description="What fits in all.")]
    items: Annotated[list[Item], Meta(min_length=1, max_length=MOST_NAMES, description="What may be taken.")]
    exclusive: Annotated[list[list[Label]], Meta(max_length=MOST_NAMES, description="Groups of which at most one item is taken.")] = []

    def faults(self) -> Iterator[str]:
        """Names twice, groups of strangers."""
        names = [item.name for item in self.items]
        yield from twice("items", names)
        for number, group in enumerate(self.exclusive):
            yield from unknown(f"exclusive[{number}]", group, names, "item")


class Task(_Part, frozen=True):
    """Something that takes time."""

    name: Annotated[Label, Meta(description="What it is called.")]
    duration: Annotated[Count, Meta(description="How long it takes.")]
    after: Annotated[list[Label], Meta(description="Tasks that must be over before.")] = []
    needs: Annotated[dict[Label, Count], Meta(description="How much of each resource it takes while it lasts.")] = {}
    earliest: Annotated[Count, Meta(description="When it may begin.")] = 0
    deadline: Annotated[Count | UnsetType, Meta(description="When it must be over.")] = UNSET


class Scheduling(_Problem, frozen=True, tag="scheduling"):
    """When to do what so that all is over as early as possible. Times are whole numbers from 0 on."""

    tasks: Annotated[list[Task], Meta(min_length=1, max_length=MOST_NAMES, description="What is to be done.")]
    resources: Annotated[dict[Label, Count], Meta(max_length=MOST_NAMES, description="How much there is of each at a time.")] = {}
    horizon: Annotated[Count | UnsetType, Meta(description="When all must be over.")] = UNSET
    unit: Annotated[Label, Meta(description="What a unit of time is called.")] = "days"

    def faults(self) -> Iterator[str]:
        """Names twice, strangers before a task, resources that nobody has."""
        names = [task.name for task in self.tasks]
        yield from twice("tasks", names)
        for number, task in enumerate(self.tasks):
            yield from unknown(f"tasks[{number}].after", task.after, names, "task")
            yield from unknown(f"tasks[{number}].needs", task.needs, self.resources, "resource")


class Option(_Part, frozen=True):
    """Something that money may be spent on."""

    name: Annotated[Label, Meta(description="What it is called.")]
    rate: Annotated[Rate, Meta(description="What one unit of money brings.")]
    most: Annotated[Amount, Meta(description="Most that may be spent on it.")]
    least: Annotated[Amount, Meta(description="Least that makes sense, if anything is spent on it.")] = 0.0
    required: Annotated[bool, Meta(description="Whether something must be spent on it.")] = False
    full_until: Annotated[Amount | UnsetType, Meta(description="Amount beyond which it brings less.")] = UNSET
    rate_beyond: Annotated[Rate, Meta(description="What one unit of money brings beyond that.")] = 0.0


class Share(_Part, frozen=True):
    """Limits of what is spent on several options together."""

    name: Annotated[Label, Meta(description="What they are called together.")]
    options: Annotated[list[Label], Meta(min_length=1, description="Which options.")]
    least: Annotated[Amount, Meta(description="Least to be spent on them.")] = 0.0
    most: Annotated[Amount | UnsetType, Meta(description="Most to be spent on them.")] = UNSET


class BudgetAllocation(_Problem, frozen=True, tag="budget_allocation"):
    """What to spend on what so that it brings the most."""

    budget: Annotated[Amount, Meta(description="What may be spent in all.")]
    options: Annotated[list[Option], Meta(min_length=1, max_length=MOST_OPTIONS, description="What it may be spent on.")]
    shares: Annotated[list[Share], Meta(max_length=MOST_OPTIONS, description="Limits of several options together.")] = []
    step: Annotated[float, Meta(ge=0.01, le=1e9, description="Amounts are multiples of this.")] = 1.0

    def faults(self) -> Iterator[str]:
        """Names twice, shares of strangers, options that bring more beyond."""
        names = [option.name for option in self.options]
        yield from twice("options", names)
        yield from twice("shares", [share.name for share in self.shares])
        for number, option in enumerate(self.options):
            if option.rate_beyond > option.rate:
                yield f"options[{number}].rate_beyond: must be at most the rate of {option.rate:g}"
        for number, share in enumerate(self.shares):
            yield from unknown(f"shares[{number}].options", share.options, names, "option")


Problem = Assignment | Knapsack | Scheduling | BudgetAllocation


class Solution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a problem; `choice` depends on its kind, `says` is for people."""

    kind: Annotated[Literal["assignment", "knapsack", "scheduling", "budget_allocation"], Meta(description="Kind of the problem.")]
    status: Annotated[
        Status, Meta(description="`optimal`; `feasible`: nothing better was found in time; `infeasible`; `unknown`: nothing was found.")
    ]
    objective: Annotated[float | None, Meta(description="What the choice costs, brings or takes.")] = None
    choice: Annotated[list[dict[str, Any]], Meta(description="What was chosen, in numbers.")] = []
    says: Annotated[list[str], Meta(description="The same in words.")] = []
    conflict: Annotated[list[str], Meta(description="Conditions that cannot hold together; none if it is not known which.")] = []


def twice(path: str, names: list[Any]) -> Iterator[str]:
    """A fault for the first name that stands there twice."""
    seen: set[Any] = set()
    for number, name in enumerate(names):
        if name in seen:
            told = name if isinstance(name, str) else " and ".join(name)
            yield f"{path}[{number}]: '{told}' is there already"
            return
        seen.add(name)


def unknown(path: str, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[str]:
    """A fault for every name that is not known."""
    among = set(known)
    yield from (f"{path}: there is no {what} '{name}'" for name in names if name not in among)
