"""The four flows of choosing a vendor: frame the need, source offers, decide, operate the contract."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.engine import ConsensusRule
from runs.suggestors.forms import Id, NotBlank
from runs.suggestors.templates.people import Deliberation, People
from runs.suggestors.templates.pieces import Approval, Json, Parameters, document, rule, text


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the rubric."""

    id: Annotated[Id, Meta(description="A short name.")]
    text: Annotated[NotBlank, Meta(description="What is asked of a vendor.")]
    weight: Annotated[int, Meta(ge=1, le=100, description="How much it weighs, of 100.")] = 10


class FrameParams(Parameters, frozen=True, kw_only=True):
    """Parameters of framing a need."""

    need: Annotated[NotBlank, Meta(description="What is needed, and why.")]
    criteria: Annotated[list[Criterion], Meta(min_length=1, description="The rubric.")]
    vendors: Annotated[list[NotBlank], Meta(description="Who may be asked.")] = []
    people: People
    rule: Annotated[ConsensusRule, Meta(description="When the rubric is accepted.")] = ConsensusRule.MAJORITY


def frame(params: FrameParams) -> Json:
    """One round on the need, a vote on the rubric; the rubric and a first list of vendors come out."""
    talk = Deliberation(params.people, topology="panel", topics=["rubric"], rounds=1, rule=params.rule)
    weights = sum(criterion.weight for criterion in params.criteria)
    rubric = "; ".join(f"{each.text} ({each.weight * 100 // weights} %)" for each in params.criteria)
    decided = [("ConsensusOutcomes", "outcome:rubric")]
    vendors = ", ".join(params.vendors) or "nobody yet"
    artifacts = [
        rule("rubric keeper", decided, text("Proposals", "scoring-rubric", rubric, "procurement")),
        rule("market watch", decided, text("Proposals", "shortlist-seed", f"To be asked: {vendors}.", "procurement")),
    ]
    seeds = [text("Seeds", "need", params.need, "author"), text("Seeds", "rubric", f"The rubric: {rubric}", "author")]
    return document(params, params.need, [*talk.team(), *artifacts], seeds, charter=talk.charter())


class Response(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a vendor answered."""

    vendor: Annotated[Id, Meta(description="Its name.")]
    answers: Annotated[dict[Id, NotBlank], Meta(description="What it says, by criterion.")]


class SourceParams(Parameters, frozen=True, kw_only=True):
    """Parameters of sourcing."""

    need: Annotated[NotBlank, Meta(description="What was asked for.")]
    criteria: Annotated[list[Criterion], Meta(min_length=1, description="The rubric.")]
    responses: Annotated[list[Response], Meta(min_length=1, description="What came back.")]
    questions: Annotated[dict[Id, NotBlank], Meta(description="Questions that vendors asked, and what they were told.")] = {}


def source(params: SourceParams) -> Json:
    """Each response is brought into one form; what is missing is told as a gap of evidence."""
    team: list[Json] = [seat for response in params.responses for seat in _sourced(response, params.criteria)]
    if params.questions:
        ledger = " ".join(f"{asked} {told}" for asked, told in params.questions.items())
        team.append(rule("clerk", [("Seeds", "need")], text("Signals", "qa-ledger", ledger, "procurement")))
    seeds = [text("Seeds", "need", params.need, "author")]
    seeds += [
        text("Competitors", each.vendor, f"{each.vendor} answered {len(each.answers)} questions.", "inbox") for each in params.responses
    ]
    return document(params, params.need, team, seeds)


def _sourced(response: Response, criteria: list[Criterion]) -> list[Json]:
    vendor = response.vendor
    told = "; ".join(f"{each.text}: {response.answers[each.id]}" for each in criteria if each.id in response.answers)
    missing = [each.text for each in criteria if each.id not in response.answers]
    normalized = text("Evaluations", f"response:{vendor}", told or "nothing usable", "procurement")
    seats = [rule(f"reader of {vendor}", [("Competitors", vendor)], normalized)]
    if missing:
        gap = text("Constraints", f"evidence-gap:{vendor}", f"{vendor} says nothing about: {'; '.join(missing)}.", "procurement")
        seats.append(rule(f"examiner of {vendor}", [("Evaluations", f"response:{vendor}")], gap))
    return seats


class Obligation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a contract obliges to."""

    id: Annotated[Id, Meta(description="A short name.")]
    text: Annotated[NotBlank, Meta(description="What is owed.")]
    observed: Annotated[NotBlank, Meta(description="What was observed.")]
    kept: Annotated[bool, Meta(description="Whether it was kept.")] = True


class OperateParams(Parameters, frozen=True, kw_only=True):
    """Parameters of governing a contract."""

    contract: Annotated[NotBlank, Meta(description="Which contract, and until when.")]
    obligations: Annotated[list[Obligation], Meta(min_length=1, description="What is owed, and what was observed.")]
    people: People
    rule: Annotated[ConsensusRule, Meta(description="When the contract is renewed.")] = ConsensusRule.MAJORITY
    approval: Annotated[Approval, Meta(description="Who signs the recommendation.")] = Approval()


def operate(params: OperateParams) -> Json:
    """Obligations are held against what was observed, people vote on the renewal, and somebody signs."""
    seats = [_audited(each) for each in params.obligations]
    audited = [("Constraints" if not each.kept else "Evaluations", f"obligation:{each.id}") for each in params.obligations]
    talk = Deliberation(params.people, topology="panel", topics=["renewal"], rule=params.rule, review=audited)
    broken = [each.text for each in params.obligations if not each.kept]
    state = f"{len(params.obligations) - len(broken)} of {len(params.obligations)} obligations were kept."
    words = f"{params.contract} {state}" + (f" To be settled before a renewal: {'; '.join(broken)}." if broken else "")
    snapshot = rule("auditor", audited, text("Signals", "audit-snapshot", state, "audit"))
    advice = rule("owner", [("ConsensusOutcomes", "outcome:renewal")], text("Proposals", "renewal-recommendation", words, "procurement"))
    seeds = [text("Seeds", "renewal", f"Renew? {params.contract}", "author")]
    seeds += [text("Signals", f"ledger:{each.id}", f"{each.text} Observed: {each.observed}", "operations") for each in params.obligations]
    team: list[Json] = [*seats, *talk.team(), snapshot, advice]
    return document(params, params.contract, team, seeds, charter=talk.charter(), gates=params.approval.gates("Proposals"))


def _audited(each: Obligation) -> Json:
    key = "Evaluations" if each.kept else "Constraints"
    said = f"{'Kept' if each.kept else 'Not kept'}: {each.text} {each.observed}"
    return rule(f"check {each.id}", [("Signals", f"ledger:{each.id}")], text(key, f"obligation:{each.id}", said, "operations"))
