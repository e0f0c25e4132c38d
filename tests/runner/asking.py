"""A kind of suggestor that uses tools, for documents of tests; and what it takes to run and verify them in this process."""

import json
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from runs.actions.runs import start_run
from runs.engine import Context, ContextKey, EffectFailed, InterruptRaise, Proposal, Suggestor, ToolCall
from runs.engine.verification import Verification
from runs.models import Membership, Run
from runs.runner import carry, new_lease
from runs.runner.verify import _lines
from runs.suggestors.reexecution import Job, execute
from runs.suggestors.registry import Kind, always
from tests.house import a_version

#: The tool that is no tool: people are asked.
PEOPLE = "people"


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `asks`."""

    calls: Annotated[list[tuple[str, Any]], Meta(description="Tools, each with its input.")]
    after: Annotated[str, Meta(description="The id of a hypothesis to wait for.")] = ""
    tells: Annotated[str, Meta(description="A member of the last output.")] = "n"


class Asks(Suggestor):
    """Uses one tool after the other, and tells a member of what the last one said, or why it failed."""

    def __init__(self, params: Params, name: str) -> None:
        self.name, self.params = name, params
        self.dependencies = (ContextKey.HYPOTHESES,) if params.after else (ContextKey.SEEDS,)
        self.waits_for = ((ContextKey.HYPOTHESES, params.after),) if params.after else ()
        self.done_when = ((ContextKey.HYPOTHESES, name),)

    def suggest(self, context: Context) -> Any:
        words = ""
        for tool, given in self.params.calls:
            try:
                output = yield InterruptRaise(given) if tool == PEOPLE else ToolCall(tool, given)
                words = json.dumps(output[self.params.tells])
            except EffectFailed as error:
                words = str(error)
        return [Proposal.text_of(ContextKey.HYPOTHESES, self.name, words, self.name)]


KIND = Kind(
    kind="asks",
    summary="Uses tools.",
    params=Params,
    build=lambda params, name: Asks(params, name),
    writes=always(ContextKey.HYPOTHESES),
    reaches_out=True,
)


def asks(name: str, *calls: Any, **params: Any) -> dict[str, Any]:
    """A seat."""
    return {"kind": "asks", "name": name, "with": {"calls": [list(one) for one in calls], **params}}


def scripted(*answers: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """A provider of a document."""
    return {"kind": "scripted", "answers": list(answers), **settings}


def held_run(by: Membership, document: str) -> Run:
    """A run of the document, held by this process."""
    version = a_version(document, of=by.tenant.slug, slug=f"asking-{Run.objects.count()}")
    return start_run(by=by, version=version, lease=new_lease())


def carried(by: Membership, document: str) -> Run:
    """A run of the document, as far as it goes."""
    run = held_run(by, document)
    carry(run)
    run.refresh_from_db()
    return run


def verified(run: Run) -> Verification:
    """What verification finds, without a process of its own."""
    from runs.runner.reach import journal_key

    first, *rest = _lines(Job(run.version.document, journal_key(run)), run)
    return execute(msgspec.json.decode(first, type=Job), [line.decode() for line in rest])


def texts(run: Run) -> dict[str, str | None]:
    """What was said, by id."""
    return dict(run.facts.filter(key="Hypotheses").values_list("fact_id", "text"))
