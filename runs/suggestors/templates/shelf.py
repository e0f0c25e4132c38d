"""The templates on the shelf: what each is for, what it asks for, an example, and how it becomes a document."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from runs.suggestors.classifier import ProblemClass
from runs.suggestors.document import FormationDocument, document_of
from runs.suggestors.problems import DocumentInvalid, Problem
from runs.suggestors.shape import fitted
from runs.suggestors.templates import deciding, planning, researching, vendors
from runs.suggestors.text import parse

DATA = Path(__file__).parent / "data"
Catalogue = Literal["standard", "vendor-selection", "more"]
CostHint = Literal["low", "medium", "high"]
_HIGH = ("organism-research", "organism-diligence")

# In the order of the shelf: those of the guru first, then the flows of a vendor selection, then the others.
_BUILDERS: dict[str, tuple[Catalogue, type[msgspec.Struct], Callable[[Any], dict[str, Any]]]] = {
    "organism-decision": ("standard", deciding.DecisionParams, deciding.decision),
    "organism-research": ("standard", researching.ResearchParams, researching.research),
    "organism-evaluation": ("standard", deciding.EvaluationParams, deciding.evaluation),
    "organism-planning": ("standard", planning.PlanningParams, planning.planning),
    "organism-diligence": ("standard", planning.DiligenceParams, planning.diligence),
    "vendor-selection-frame": ("vendor-selection", vendors.FrameParams, vendors.frame),
    "vendor-selection-source": ("vendor-selection", vendors.SourceParams, vendors.source),
    "vendor-selection-decide": ("vendor-selection", deciding.VendorDecisionParams, deciding.vendor_decision),
    "vendor-selection-operate": ("vendor-selection", vendors.OperateParams, vendors.operate),
    "research-huddle": ("more", researching.HuddleParams, researching.huddle),
    "plan-stress-test": ("more", planning.StressTestParams, planning.stress_test),
    "spend-approval": ("more", planning.SpendParams, planning.spend),
}

# Which template is meant for a class of problem.
TEMPLATE_OF: dict[ProblemClass, str] = {
    "decision": "organism-decision",
    "incident": "organism-decision",
    "research": "organism-research",
    "strategy": "organism-research",
    "evaluation": "organism-evaluation",
    "planning": "organism-planning",
    "diligence": "organism-diligence",
}


class Flow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a template stands in a vendor selection, and what it brings forth."""

    name: Literal["Frame", "Source", "Decide", "Operate"]
    truth: str
    stages: list[str]
    artifacts: list[str]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the file of a template."""

    title: str
    use: str
    roles: list[str]
    capabilities: list[str]
    keywords: list[str]
    entities: list[str]
    example: dict[str, Any]
    flow: Flow | None = None


class Template:
    """A formation with parameters; `use` says when it is the right one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.catalogue, self.params, self._build = _BUILDERS[name]
        self.card = msgspec.convert(parse((DATA / f"{name}.yaml").read_bytes()), Card)

    @property
    def cost_hint(self) -> CostHint:
        """How much work it is."""
        return "high" if self.name in _HIGH else "medium"

    def filled(self, given: Any) -> FormationDocument:
        """The document with these parameters; raises `DocumentInvalid` with everything that is wrong."""
        problems: list[Problem] = []
        params = fitted(given, self.params, "", problems)
        if params is None:
            raise DocumentInvalid(problems)
        return document_of(msgspec.to_builtins(self._build(params)))

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the parameters."""
        return msgspec.json.schema(self.params)

    def to_json(self) -> dict[str, Any]:
        """Everything that is to be known of it, as JSON values."""
        card: dict[str, Any] = msgspec.to_builtins(self.card)
        classes = [problem for problem, name in TEMPLATE_OF.items() if name == self.name]
        told = {"name": self.name, "catalogue": self.catalogue, "classes": classes} | card
        return told | {"cost_hint": self.cost_hint, "parameters": self.schema()}


@cache
def templates() -> tuple[Template, ...]:
    """All templates, in their order."""
    return tuple(map(Template, _BUILDERS))


def template_named(name: str) -> Template:
    """The template of that name; raises `UnknownTemplate`."""
    found = next((template for template in templates() if template.name == name), None)
    if found is None:
        raise UnknownTemplate(f"unknown template '{name}'; allowed: {', '.join(_BUILDERS)}")
    return found


class UnknownTemplate(LookupError):
    """There is no template of that name."""
