"""The provider that decides by Cedar policies: it is a part of every installation, and reaches nothing outside.

It needs the extra `policy` (cedarpy), which is brought in with the first policies and not before.
"""

import json
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine.effects import EffectResult
from runs.suggestors.problems import Problem
from runs.suggestors.providers.provider import Call, ErrorKind, Provider, ProviderError, Terms
from runs.suggestors.providers.scripted import input_of

NAME = "organism.policy"
EXTRA = "policy"
LONGEST = 200_000


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the provider is asked: requests in Cedar's JSON, all decided by the same policies."""

    policies: Annotated[str, Meta(max_length=LONGEST)]
    requests: list[dict[str, Any]]
    policy_schema: str | None = msgspec.field(default=None, name="schema")
    entities: list[dict[str, Any]] = []


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was decided, by which policies, and which of them could not be evaluated."""

    decision: Literal["allow", "deny"]
    policies: list[str] = []
    errors: list[str] = []


class Policies(Provider):
    """Decides each request. Where a policy cannot be evaluated, nothing is allowed."""

    terms = Terms(max_attempts=2)

    def answer(self, call: Call) -> EffectResult:
        """Decide."""
        if lack := missing():
            raise ProviderError(ErrorKind.PERMANENT, lack)
        try:
            asked = msgspec.convert(input_of(call.effect), Asked)
        except msgspec.ValidationError as error:
            raise ProviderError(ErrorKind.PERMANENT, f"the requests cannot be read: {error}") from error
        for name, fault in faults_in(asked.policies, asked.policy_schema, asked.entities):
            raise ProviderError(ErrorKind.PERMANENT, f"{name}: {fault}")
        return EffectResult(msgspec.to_builtins(_decided(asked)))


def missing() -> str | None:
    """What must be installed before anything can be decided."""
    return None if find_spec("cedarpy") else f"Cedar is not installed: pip install 'organism-web[{EXTRA}]'"


def _decided(asked: Asked) -> list[Decision]:
    import cedarpy

    names = _names(asked.policies)
    results = cedarpy.is_authorized_batch(asked.requests, asked.policies, asked.entities, asked.policy_schema)
    found = []
    for result in results:
        errors = [_named(error, names) for error in result.diagnostics.errors]
        decision: Literal["allow", "deny"] = "allow" if result.allowed and not errors else "deny"
        found.append(Decision(decision, [names.get(one, one) for one in result.diagnostics.reasons], errors))
    return found


def _names(policies: str) -> dict[str, str]:
    """What each policy is called: by its annotation `@id`, or by its place."""
    import cedarpy

    parsed = json.loads(cedarpy.policies_to_json_str(policies))
    return {id: policy.get("annotations", {}).get("id") or id for id, policy in parsed["staticPolicies"].items()}


def _named(error: str, names: dict[str, str]) -> str:
    return re.sub("`([^`]*)`", lambda found: f"`{names.get(found[1], found[1])}`", error)


def faults_in(policies: Any, schema: Any = None, entities: Any = None) -> Iterator[Problem]:
    """What is wrong with policies, schema and entities, by field; nothing is known without Cedar."""
    if missing():
        return
    import cedarpy

    before = [_fault(cedarpy.policies_to_json_str, "policies", policies)] if isinstance(policies, str) else []
    before += [_fault(cedarpy.Schema.from_str, "schema", schema)] if isinstance(schema, str) else []
    before += [_fault(cedarpy.Entities.from_json_str, "entities", json.dumps(entities))] if entities else []
    found = [fault for fault in before if fault]
    yield from found
    if isinstance(policies, str) and not found:
        yield from (("policies", fault) for fault in _policy_faults(policies, schema))


def _fault(read: Any, name: str, text: str) -> Problem | None:
    try:
        read(text)
    except ValueError as error:
        return name, f"is not Cedar: {error}"
    return None


def _policy_faults(policies: str, schema: Any) -> Iterator[str]:
    import cedarpy

    parsed = json.loads(cedarpy.policies_to_json_str(policies))
    if parsed["templates"]:
        yield "templates (with ?principal or ?resource) are not supported"
    elif not parsed["staticPolicies"]:
        yield "there is no policy, so nothing would ever be allowed"
    names = [policy["annotations"]["id"] for policy in parsed["staticPolicies"].values() if policy.get("annotations", {}).get("id")]
    yield from (f'two policies are called @id("{name}")' for name in _twice(names))
    if isinstance(schema, str):
        yield from (str(error) for error in cedarpy.validate_policies(policies, schema).errors)


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
