"""Who plays: a kind of suggestor that is known in drills only, and the providers that answer it.

To be imported in a drill's worker only: it enters the kind into the catalogue.
"""

import time
from pathlib import Path

import msgspec

from runs.engine import ContextKey, EffectResult, Proposal, Suggestor, ToolCall
from runs.suggestors.providers import Call, Provider
from runs.suggestors.registry import Kind, always, register
from tests.drills.scene import ONCE, REPEATABLE
from tests.drills.traps import note


class Asks(Suggestor):
    """Uses tools one after the other, each on what the one before it said."""

    def __init__(self, name: str, after: tuple[str, str], tools: list[str]) -> None:
        key = ContextKey(after[0])
        self.name, self.tools = name, tools
        self.dependencies = (key,)
        self.waits_for = ((key, after[1]),)
        self.done_when = ((ContextKey.HYPOTHESES, name),)

    def suggest(self, context):
        words = self.name
        for tool in self.tools:
            words = yield ToolCall(tool, {"who": self.name, "text": words})
        return [Proposal.text_of(ContextKey.HYPOTHESES, self.name, words, self.name)]


class AsksParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `drill-asks`."""

    after: tuple[str, str]
    tools: list[str]


register(
    Kind(
        kind="drill-asks",
        summary="Uses the tools of drills.",
        params=AsksParams,
        build=lambda params, name: Asks(name, params.after, params.tools),
        writes=always(ContextKey.HYPOTHESES),
        reaches_out=True,
    )
)


class Tool(Provider):
    """Answers, after having noted in a file outside the database that it was called."""

    def __init__(self, name: str, folder: Path, reached) -> None:
        self.name, self.folder, self.reached = name, folder, reached
        self.idempotent = name != ONCE

    def answer(self, call: Call) -> EffectResult:
        who, text = call.effect.input["who"], call.effect.input["text"]
        self.reached(f"asked/{self.name}/{who}")
        note(self.folder / "calls", f"{self.name}|{who}|{text}")
        while (self.folder / f"hang-{self.name}").exists():
            time.sleep(0.01)
        self.reached(f"answered/{self.name}/{who}")
        return EffectResult(output=f"{self.name}({text})", tokens=5, cost_microdollars=2)


def providers(folder: Path, reached) -> dict[tuple[str, str], Tool]:
    """The tools, as conducting takes them."""
    return {("ToolCall", name): Tool(name, folder, reached) for name in (REPEATABLE, ONCE)}
