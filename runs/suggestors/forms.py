"""How payloads and proposals are written in a document."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.engine import ConsensusOutcome, ContextKey, Disagreement, Payload, Proposal, Vote
from runs.engine.facts import DIAGNOSTIC_FAMILY, TEXT_FAMILY
from runs.engine.governance import DISAGREEMENT_FAMILY, OUTCOME_FAMILY, VOTE_FAMILY
from runs.engine.payloads import IDENTITY_FAMILY, WHITE_SPACE, DiagnosticPayload, ExecutionIdentityEvidence, TextPayload
from runs.engine.subject import SubjectInvalid, SubjectRef
from runs.suggestors import optimization, plan
from runs.suggestors.one_of import OneOf
from runs.suggestors.problems import Problem

LONGEST_ID = 500
LONGEST_NAME = 200
LARGEST = 2**31 - 1
NOT_BLANK = f"[^{WHITE_SPACE}]"

# Families whose content is checked; all others are taken as they are.
KNOWN_FAMILIES: dict[str, Any] = {
    TEXT_FAMILY: TextPayload,
    DIAGNOSTIC_FAMILY: DiagnosticPayload,
    IDENTITY_FAMILY: ExecutionIdentityEvidence,
    VOTE_FAMILY: Vote,
    DISAGREEMENT_FAMILY: Disagreement,
    OUTCOME_FAMILY: ConsensusOutcome,
    plan.FAMILY: plan.Plan,
    optimization.PROBLEM_FAMILY: optimization.Problem,
    optimization.SOLUTION_FAMILY: optimization.Solution,
}

Id = Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
Name = Annotated[str, Meta(max_length=LONGEST_NAME, pattern=NOT_BLANK)]
NotBlank = Annotated[str, Meta(pattern=NOT_BLANK)]
Positive = Annotated[int, Meta(ge=1, le=LARGEST)]
Unit = Annotated[float, Meta(ge=0, le=1)]


class PayloadForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"content": "payload"}):
    """Content of a family; that of a known family is checked."""

    family: Annotated[NotBlank, Meta(description="Name of the family, such as converge.governance.vote.")]
    content: Annotated[Any, Meta(description="The content: JSON of the family's form.")]
    version: Annotated[Positive, Meta(description="Version of the family.")] = 1

    def __post_init__(self) -> None:
        form = self.form_of(self.family, self.version)
        if form is not None:
            check = getattr(msgspec.convert(self.content, form), "check", None)
            if check is not None:
                check()

    @staticmethod
    def form_of(family: Any, version: Any) -> Any:
        """What the content of a known family looks like; None for the others."""
        return KNOWN_FAMILIES.get(family) if isinstance(family, str) and version == 1 else None

    def payload(self) -> Payload:
        """As the engine knows it."""
        return Payload.of(self.family, self.content, self.version)


class ProposalForm(OneOf, frozen=True, forbid_unknown_fields=True):
    """A proposal, with either a text or a payload."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("text", "payload")

    key: Annotated[ContextKey, Meta(description="The key under which the fact will stand.")]
    id: Annotated[Id, Meta(description="Its id, unique under its key.")]
    provenance: Annotated[NotBlank, Meta(description="Where it comes from.")]
    text: Annotated[str | UnsetType, Meta(description="Short for a payload of family converge.text.")] = UNSET
    payload: Annotated[PayloadForm | UnsetType, Meta(description="Content of any family.")] = UNSET
    confidence: Annotated[Unit, Meta(description="From 0 to 1.")] = 1.0
    subject: Annotated[str | None, Meta(description="What it is about: scheme://kind/id.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.subject is not None:
            SubjectRef.parse(self.subject)

    @staticmethod
    def faults_in(value: Mapping[str, Any]) -> Iterator[Problem]:
        """Fields whose faults no type can tell, with their messages."""
        if isinstance(value.get("subject"), str):
            try:
                SubjectRef.parse(value["subject"])
            except SubjectInvalid as error:
                yield "subject", str(error)

    def proposal(self) -> Proposal:
        """As the engine knows it."""
        payload = Payload.text_of(self.text) if isinstance(self.text, str) else self._payload()
        subject = None if self.subject is None else str(SubjectRef.parse(self.subject))
        return Proposal(self.key, self.id, payload, self.provenance, float(self.confidence), subject)

    def _payload(self) -> Payload:
        assert isinstance(self.payload, PayloadForm)
        return self.payload.payload()


EitherForm = Annotated[ProposalForm, Meta(extra_json_schema={"oneOf": [{"required": ["text"]}, {"required": ["payload"]}]})]
