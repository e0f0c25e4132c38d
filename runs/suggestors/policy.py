"""The suggestor that decides by policies, written in Cedar: which plans are allowed, and which policy says so."""

from collections.abc import Generator, Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta

from runs.engine import Context, ContextKey, EffectFailed, Fact, Payload, Proposal, Suggestor, ToolCall
from runs.suggestors.growing import Growing
from runs.suggestors.judging import CONSTRAINTS, EVALUATIONS, is_said, payload_of
from runs.suggestors.policy_request import ContextForm, EntityForm, Unreadable, document_in
from runs.suggestors.problems import Problem
from runs.suggestors.providers.policy import LONGEST, NAME, Decision, faults_in, missing
from runs.suggestors.registry import Kind, always, register

Key = Literal["Seeds", "Hypotheses", "Strategies", "Signals", "Competitors", "Proposals"]
WRITES = (EVALUATIONS, CONSTRAINTS, ContextKey.DIAGNOSTIC)


class PolicyParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"policy_schema": "schema"}):
    """Parameters of `policy`."""

    policies: Annotated[str, Meta(min_length=1, max_length=LONGEST, description="Cedar policies; an @id names each in what is said.")]
    policy_schema: Annotated[
        Annotated[str, Meta(max_length=LONGEST)] | None, Meta(description="A Cedar schema that the policies must fit.")
    ] = None
    entities: Annotated[
        list[dict[str, Any]], Meta(max_length=10_000, description="Entities in Cedar's JSON, each with uid, attrs, parents.")
    ] = []
    key: Annotated[Key, Meta(description="Under which key each fact is decided.")] = "Strategies"
    principal: Annotated[EntityForm, Meta(description="Who acts.")] = EntityForm(type="Suggestor", fact="provenance")
    action: Annotated[EntityForm, Meta(description="What is to be done.")] = EntityForm(type="Action", id="adopt")
    resource: Annotated[EntityForm, Meta(description="To what.")] = EntityForm(type="Plan", fact="id")
    context: Annotated[dict[str, ContextForm], Meta(description="What else the policies look at, by name.")] = {}

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields whose faults no type can tell, with their messages."""
        yield from faults_in(value.get("policies"), value.get("schema"), value.get("entities"))

    def __post_init__(self) -> None:
        for name, fault in faults_in(self.policies, self.policy_schema, self.entities):
            raise ValueError(f"{name}: {fault}")


class Policy(Suggestor):
    """Decides each fact under its key, once: `<seat>-allow-<id>` under Evaluations or `<seat>-deny-<id>` under Constraints.

    What could not be evaluated is denied, and told under Diagnostic as `<seat>-error-<id>`.
    """

    provenance = "organism-policy"

    def __init__(self, params: PolicyParams, name: str = "policy") -> None:
        self.name = name
        self._params = params
        self.dependencies = (ContextKey(params.key),)
        self._waiting = Growing[list[Fact]](self.dependencies[0], list, list.append)

    def accepts(self, context: Context) -> bool:
        """Tell whether something is undecided."""
        return bool(self._undecided(context))

    def _undecided(self, context: Context) -> list[Fact]:
        waiting = self._waiting.of(context)
        waiting[:] = [fact for fact in waiting if not self._is_decided(fact.id, context)]
        return waiting

    def _is_decided(self, id: str, context: Context) -> bool:
        told = context.fact(ContextKey.DIAGNOSTIC, self._id("error", id))
        return told is not None or is_said(self._id("allow", id), context) or is_said(self._id("deny", id), context)

    def _id(self, what: str, id: str) -> str:
        return f"{self.name}-{what}-{id}"

    def suggest(self, context: Context) -> Generator[ToolCall, Any, list[Proposal]]:
        """Ask for all undecided facts at once."""
        said: list[Proposal] = []
        requests: list[tuple[Fact, dict[str, Any]]] = []
        for fact in self._undecided(context):
            try:
                requests.append((fact, self.request(fact)))
            except Unreadable as error:
                said += self._told(fact, Decision("deny", errors=[str(error)]))
        if requests:
            said += yield from self._asked(requests)
        return said

    def request(self, fact: Fact) -> dict[str, Any]:
        """What Cedar is asked about a fact; raises `Unreadable`."""
        params, document = self._params, document_in(fact)
        named = ((name, getattr(params, name).read(fact, document)) for name in ("principal", "action", "resource"))
        found = {name: form.value(document) for name, form in params.context.items()}
        return dict(named) | {"context": {name: value for name, value in found.items() if value is not UNSET}}

    def _asked(self, requests: list[tuple[Fact, dict[str, Any]]]) -> Generator[ToolCall, Any, list[Proposal]]:
        asked = {"policies": self._params.policies, "schema": self._params.policy_schema, "entities": self._params.entities}
        try:
            answer = yield ToolCall(NAME, asked | {"requests": [request for _, request in requests]})
            decisions = msgspec.convert(answer, list[Decision])
        except (EffectFailed, msgspec.ValidationError) as error:
            return [self._diagnostic(fact, str(error)) for fact, _ in requests]
        return [one for (fact, _), decision in zip(requests, decisions, strict=True) for one in self._told(fact, decision)]

    def _told(self, fact: Fact, decision: Decision) -> list[Proposal]:
        notes = [self._diagnostic(fact, "; ".join(decision.errors))] if decision.errors else []
        key, what = (EVALUATIONS, "allow") if decision.decision == "allow" else (CONSTRAINTS, "deny")
        content: dict[str, Any] = {"strategy_id": fact.id, "agent": self.name, "kind": "policy_decision", "decision": decision.decision}
        content |= {"passed": True} if what == "allow" else {"severity": "blocker"}
        evidence = {"policies": decision.policies, "findings": [reason(decision)]}
        evidence["severities"] = ["advisory" if what == "allow" else "blocker"]
        payload = payload_of(content | evidence)
        return [Proposal(key, self._id(what, fact.id), payload, self.provenance, used=((fact.key, fact.id),)), *notes]

    def _diagnostic(self, fact: Fact, why: str) -> Proposal:
        payload = Payload.diagnostic_of(self.name, f"{fact.key}/{fact.id}: {why}")
        return Proposal(ContextKey.DIAGNOSTIC, self._id("error", fact.id), payload, self.provenance, used=((fact.key, fact.id),))


def reason(decision: Decision) -> str:
    """Why, in words."""
    named = ", ".join(f"'{name}'" for name in decision.policies)
    if decision.decision == "allow":
        return f"allowed by {named}"
    if named and not decision.errors:
        return f"denied by {named}"
    return f"denied, as it cannot be decided: {'; '.join(decision.errors)}" if decision.errors else "denied: no policy allows it"


register(
    Kind(
        kind="policy",
        summary="Decides by Cedar policies which plans are allowed, and tells the policy that decided.",
        params=PolicyParams,
        build=Policy,
        reads=lambda params: (ContextKey(params.key), *WRITES),
        writes=always(*WRITES),
        reaches_out=True,
        missing=lambda _: missing(),
    )
)
