"""Pieces of documents that several templates are made of."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from runs.engine.governance import DISAGREEMENT_FAMILY, VOTE_FAMILY
from runs.suggestors.forms import Id, Name, NotBlank, Positive
from runs.suggestors.plan import FAMILY, PlanAnnotation
from runs.suggestors.providers.scripted import ScriptedForm

Json = dict[str, Any]
FactName = tuple[str, str]


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every template asks for."""

    label: Annotated[NotBlank, Meta(max_length=200, description="What people will call the formation.")]
    providers: Annotated[
        dict[Name, ScriptedForm], Meta(description="Who answers for models, by name, before those of the tenant: for trying out.")
    ] = {}


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that could be done: a plan, and what it declares."""

    id: Annotated[Id, Meta(description="A short name, such as `stay` or `offer-b`.")]
    text: Annotated[NotBlank, Meta(description="In a sentence or two.")]
    plan: Annotated[PlanAnnotation, Meta(description="What it declares: costs, assumptions, risks and so on.")] = PlanAnnotation()


Options = Annotated[list[Option], Meta(min_length=1, description="The options, in order.")]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a plan must keep to; whoever does not is blocked."""

    budget: Annotated[Annotated[float, Meta(gt=0)] | None, Meta(description="What it may cost at most.")] = None
    forbidden: Annotated[list[NotBlank], Meta(description="Words that no action may contain.")] = []
    approvals: Annotated[list[NotBlank], Meta(description="Whose approval it needs.")] = []
    tags: Annotated[list[NotBlank], Meta(description="Tags that it should have.")] = []

    def constraints(self) -> list[Json]:
        """As the constraint checker takes them."""
        found: list[Json] = [{"name": "budget", "max_budget": self.budget}] if self.budget else []
        found += [{"name": f"no {word}", "forbidden_action": word} for word in self.forbidden]
        found += [{"name": f"approval by {who}", "required_approval": who} for who in self.approvals]
        return found + [{"name": f"tag {tag}", "required_tag": tag} for tag in self.tags]

    def checking(self) -> Json:
        """Parameters of the constraint checker."""
        return {"constraint-checker": {"constraints": self.constraints()}}

    def simulating(self) -> Json:
        """Parameters of the simulation of costs."""
        return {"cost-simulation": {"budget_ceiling": self.budget}} if self.budget else {}


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who must say yes before anything follows."""

    approvers: Annotated[list[NotBlank], Meta(description="Roles and addresses that may decide; none = whoever may decide gates.")] = []
    quorum: Annotated[Positive, Meta(description="How many of them.")] = 1
    days: Annotated[int, Meta(ge=1, le=366, description="How long they have; then it is rejected.")] = 14
    by_starter: Annotated[bool, Meta(description="Whether whoever starts the run may be one of them.")] = False

    def gates(self, *keys: str) -> Json:
        """As `gates` of a document."""
        timeout = {"seconds": self.days * 86_400, "action": "reject"}
        told = {"keys": list(keys), "approvers": self.approvers, "quorum": self.quorum, "timeout": timeout}
        return told | {"self_approval": self.by_starter}


def document(parameters: Parameters, description: str, team: Sequence[Json], seeds: Sequence[Json], **more: Any) -> Json:
    """A formation document; what is None is left out."""
    told: Json = {"schema": "organism.formation/v1", "label": parameters.label, "description": description}
    told |= {"providers": msgspec.to_builtins(parameters.providers)} if parameters.providers else {}
    told |= {"budget": {"max_cycles": 60, "max_facts": 2000}, "team": list(team), "seeds": list(seeds)}
    return told | {name: value for name, value in more.items() if value is not None}


def rule(name: str, after: Iterable[FactName], *says: Json) -> Json:
    """A seat that says something once, after other facts."""
    heard = list(after)
    accepts = [{"has_fact": list(fact)} for fact in heard] + [{"lacks_fact": [says[0]["key"], says[0]["id"]]}]
    wakes = list(dict.fromkeys(key for key, _ in heard)) or ["Seeds"]
    return {"kind": "rule", "name": name, "with": {"dependencies": wakes, "accepts": accepts, "proposes": list(says)}}


def text(key: str, id: str, words: str, provenance: str) -> Json:
    """A fact that is a text."""
    return {"key": key, "id": id, "text": words, "provenance": provenance}


def typed(key: str, id: str, family: str, content: Any, provenance: str) -> Json:
    """A fact of some family."""
    return {"key": key, "id": id, "payload": {"family": family, "version": 1, "payload": content}, "provenance": provenance}


def strategy(option: Option, provenance: str) -> Json:
    """An option as a plan that reviewers read."""
    content = {"description": option.text, "annotation": msgspec.to_builtins(option.plan)}
    return typed("Strategies", option.id, FAMILY, content, provenance)


def vote(topic: str, voter: str, decision: str, reason: str, *, number: int | None = None) -> list[Json]:
    """A vote, and with a no the disagreement; `number` tells several votes of one voter apart."""
    mark = "" if number is None else f":{number}"
    content = {"topic": topic, "voter": voter, "decision": decision} | ({"reason": reason} if reason else {})
    said = [typed("Votes", f"vote:{topic}:{voter}{mark}", VOTE_FAMILY, content, voter)]
    if decision == "no" and reason and number is None:
        dissent = {"topic": topic, "dissenter": voter, "reason": reason}
        said.append(typed("Disagreements", f"disagreement:{topic}:{voter}", DISAGREEMENT_FAMILY, dissent, voter))
    return said


def reviewed(options: Iterable[Option]) -> list[FactName]:
    """The facts by which all options have been reviewed by the skeptics."""
    return [("Evaluations", f"adversarial:review:{option.id}") for option in options]


def simulated(options: Iterable[Option]) -> list[FactName]:
    """The facts by which all options have been simulated."""
    return [("Evaluations", f"recommendation-{option.id}") for option in options]
