"""The suggestor that gathers dissent by topic."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import Context, ContextKey, Disagreement, Fact, Payload, Proposal, Suggestor
from runs.engine.governance import DISAGREEMENT_FAMILY
from runs.suggestors.conditions import Condition, Conditions
from runs.suggestors.growing import Growing
from runs.suggestors.huddle.conventions import PROVENANCE
from runs.suggestors.huddle.when import await_conditions, keys_with
from runs.suggestors.lacking import Lack, failing
from runs.suggestors.registry import Kind, register

MAP_FAMILY = "organism.huddle.disagreement_map"
Dissent = dict[str, list[tuple[str, Disagreement]]]
_read_disagreement = msgspec.json.Decoder(Disagreement).decode


class DisagreementMapper(Suggestor):
    """Writes `disagreement_map:{topic}` once for each topic with dissent, in ascending order of topics.

    With `when` it waits until all of its conditions hold, and then maps what is there.
    """

    def __init__(
        self,
        *,
        output_key: ContextKey = ContextKey.DIAGNOSTIC,
        when: Sequence[Condition] | None = None,
        name: str = "organism-disagreement-mapper",
    ) -> None:
        self.name = name
        self._output_key = output_key
        self._when = tuple(when or ())
        self._holds = await_conditions(self, ContextKey.DISAGREEMENTS, when or ())
        self._dissent = Growing[Dissent](ContextKey.DISAGREEMENTS, dict, _file_disagreement)

    def accepts(self, context: Context) -> bool:
        """Tell whether a topic with dissent is not mapped yet."""
        return self._holds(context) and next(self._unmapped(context), None) is not None

    def _unmapped(self, context: Context) -> Iterator[tuple[str, list[tuple[str, Disagreement]]]]:
        for topic, entries in self._dissent.of(context).items():
            rejected = context.fact(ContextKey.DIAGNOSTIC, f"hitl-rejected:{_map_id(topic)}")
            if rejected is None and context.fact(self._output_key, _map_id(topic)) is None:
                yield topic, entries

    def lacks(self, context: Context) -> Iterator[Lack]:
        """Conditions that do not hold."""
        return failing(self._when, context)

    def suggest(self, context: Context) -> list[Proposal]:
        """The map of every topic that has none."""
        if not self._holds(context):
            return []
        return [self._map(topic, entries) for topic, entries in sorted(self._unmapped(context), key=lambda item: item[0])]

    def _map(self, topic: str, entries: list[tuple[str, Disagreement]]) -> Proposal:
        payload = Payload.of(MAP_FAMILY, {"topic": topic, "entries": [msgspec.to_builtins(entry) for _, entry in entries]})
        used = tuple((ContextKey.DISAGREEMENTS, id) for id, _ in entries)
        return Proposal(self._output_key, _map_id(topic), payload, PROVENANCE, used=used)


def _map_id(topic: str) -> str:
    return f"disagreement_map:{topic}"


def _file_disagreement(dissent: Dissent, fact: Fact) -> None:
    if fact.payload.family == DISAGREEMENT_FAMILY and fact.payload.version == 1:
        try:
            entry = _read_disagreement(fact.payload.json)
        except msgspec.MsgspecError:
            return
        dissent.setdefault(entry.topic, []).append((fact.id, entry))


class DisagreementMapperParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `disagreement-mapper`."""

    output_key: Annotated[ContextKey, Meta(description="The key under which the maps stand.")] = ContextKey.DIAGNOSTIC
    when: Annotated[Conditions | None, Meta(description="Wait until all of these hold; null = map at once.")] = None


register(
    Kind(
        kind="disagreement-mapper",
        summary="Gathers who dissents on a topic, and why.",
        params=DisagreementMapperParams,
        build=lambda params, name: DisagreementMapper(output_key=params.output_key, when=params.when, name=name),
        reads=lambda params: keys_with(ContextKey.DISAGREEMENTS, params.when or ()),
        writes=lambda params: (params.output_key,),
    )
)
