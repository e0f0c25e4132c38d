"""The formation document, `organism.formation/v1`: the one authored form, read strictly and written back without loss."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from runs.engine import Budget, ContextKey, GatePolicy, Proposal, Suggestor
from runs.engine.wire import canonical
from runs.suggestors.charters import Charter, CharterForm, Table, faults_in_charter
from runs.suggestors.criteria import CriterionForm
from runs.suggestors.forms import LARGEST, EitherForm, Name, NotBlank, Positive, ProposalForm, Unit
from runs.suggestors.learning.form import LearningForm, learning_of
from runs.suggestors.problems import DocumentInvalid, Problem, field_at, item_at
from runs.suggestors.providers import Provider
from runs.suggestors.providers.built_in import reserved
from runs.suggestors.providers.scripted import ScriptedForm
from runs.suggestors.seats import EntryForm, Seat, names_in, seats_in
from runs.suggestors.shape import fitted
from runs.suggestors.storable import faults_of
from runs.suggestors.text import Format, parse
from runs.suggestors.yaml_text import dump_yaml

SCHEMA = "organism.formation/v1"
MOST_SEATS = 2_000
MOST_SEEDS = 100_000
MOST_PROVIDERS = 100
MOST_CRITERIA = 100

Big = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class BudgetForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run may spend; null = no limit."""

    max_cycles: Annotated[Positive, Meta(description="Most cycles, the last empty one included.")] = 100
    max_facts: Annotated[Positive, Meta(description="Most facts, checked after each merge.")] = 10_000
    max_tokens: Annotated[Big | None, Meta(description="Most tokens of language models; 0 = nothing is asked.")] = None
    max_seconds: Annotated[
        Annotated[float, Meta(gt=0, le=LARGEST)] | None, Meta(description="Most seconds of work; waiting for people does not count.")
    ] = None
    max_cost_microdollars: Annotated[Big | None, Meta(description="Most millionths of a dollar; 0 = nothing is asked.")] = None


class TimeoutForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to a gate that nobody decides."""

    seconds: Annotated[Positive, Meta(description="How long a gate stays open.")] = 1800
    action: Annotated[Literal["reject", "approve", "escalate"], Meta(description="What is done then.")] = "reject"


class GatesForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which proposals need a human, and who may decide."""

    confidence_threshold: Annotated[Unit | None, Meta(description="Proposals of at most this confidence are gated.")] = None
    keys: Annotated[list[ContextKey], Meta(description="Proposals under these keys are gated.")] = []
    approvers: Annotated[list[NotBlank], Meta(description="Roles and addresses that may decide; none = whoever may decide gates.")] = []
    quorum: Annotated[Positive, Meta(description="How many must approve.")] = 1
    timeout: Annotated[TimeoutForm, Meta(description="What happens to a gate that nobody decides.")] = TimeoutForm()
    self_approval: Annotated[bool, Meta(description="Whether whoever starts the run, or writes an edit, may approve too.")] = False

    def policy(self) -> GatePolicy:
        """As the engine knows it."""
        timeout = self.timeout
        keys, approvers = tuple(self.keys), tuple(self.approvers)
        return GatePolicy(self.confidence_threshold, keys, approvers, self.quorum, timeout.seconds, timeout.action, self.self_approval)


class DocumentForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A formation: a team of suggestors in order, seed facts, a budget, gates."""

    schema: Annotated[Literal["organism.formation/v1"], Meta(description="Which form this is.")]
    label: Annotated[Name, Meta(description="What people call it.")]
    description: Annotated[str, Meta(description="What it is for.")] = ""
    budget: Annotated[BudgetForm, Meta(description="What a run may spend.")] = BudgetForm()
    team: Annotated[list[EntryForm], Meta(max_length=MOST_SEATS, description="The seats; their order is that of registration.")] = []
    seeds: Annotated[list[EitherForm], Meta(max_length=MOST_SEEDS, description="The facts that a run begins with.")] = []
    gates: Annotated[GatesForm | None, Meta(description="Which proposals need a human.")] = None
    providers: Annotated[
        dict[Name, ScriptedForm], Meta(max_length=MOST_PROVIDERS, description="Who answers effects, by name, before those of the tenant.")
    ] = {}
    charter: Annotated[CharterForm | None, Meta(description="Who sits at the table in which role, and who speaks when.")] = None
    criteria: Annotated[list[CriterionForm], Meta(max_length=MOST_CRITERIA, description="What a run should come to.")] = []
    learning: Annotated[bool | LearningForm, Meta(description="Whether runs are remembered for later ones, and how.")] = False


class FormationDocument:
    """A valid document. It gives back what was authored, field by field and in its order; absent fields stay absent."""

    def __init__(self, value: dict[str, Any], form: DocumentForm, seats: list[Seat]) -> None:
        self._value = value
        self._form = form
        self.seats = seats
        self.schema, self.label, self.description, self.learning = form.schema, form.label, form.description, learning_of(form.learning)
        self.budget = Budget(**msgspec.structs.asdict(form.budget))
        self.gates: GatePolicy | None = form.gates.policy() if form.gates else None
        self.criteria: Sequence[CriterionForm] = form.criteria
        self.charter = Charter.of(form.charter) if form.charter else None
        if self.charter is not None:
            table = Table(self.charter, seats)
            for seat in seats:
                seat.table = table

    def team(self) -> list[Suggestor]:
        """Fresh suggestors of the enabled seats, in order of registration."""
        return [seat.suggestor() for seat in self.seats if seat.enabled]

    def seeds(self) -> list[Proposal]:
        """The seeds in their order, text and typed mixed."""
        return [form.proposal() for form in self._form.seeds]

    def providers(self) -> dict[str, Provider]:
        """The providers whose answers stand in the document, by name."""
        return {name: form.provider() for name, form in self._form.providers.items()}

    def to_json(self, *, indent: int | None = None) -> str:
        """JSON text that reads back as this document."""
        return canonical(self._value) if indent is None else json.dumps(self._value, ensure_ascii=False, indent=indent)

    def to_yaml(self) -> str:
        """YAML text that reads back as this document."""
        return dump_yaml(self._value)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON: the same for JSON and YAML, layout and comments do not count, order does."""
        return hashlib.sha256(canonical(self._value).encode()).hexdigest()


def read_document(text: str | bytes, *, format: Format | None = None) -> FormationDocument:
    """Read a document from JSON or YAML; raises `DocumentInvalid` with everything that is wrong."""
    return document_of(parse(text, format))


def document_of(value: Any) -> FormationDocument:
    """Take a document that is JSON already; raises `DocumentInvalid` with everything that is wrong."""
    problems = list(faults_of(value))
    form = fitted(value, DocumentForm, "", problems)
    seats = list(seats_in(_list(value, "team"), problems))
    problems.extend(_clashing_seeds(value))
    problems.extend(_charter_faults(value))
    problems.extend(_reserved_names(value))
    problems.extend(_clashing_criteria(value))
    if problems or form is None:
        raise DocumentInvalid(dict.fromkeys(problems))
    return FormationDocument(value, form, seats)


def _list(value: Any, name: str) -> list[Any]:
    items = value.get(name, []) if isinstance(value, dict) else []
    return items if isinstance(items, list) else []


def _charter_faults(value: Any) -> Iterator[Problem]:
    form = fitted(value.get("charter"), CharterForm, "charter", []) if isinstance(value, dict) else None
    if form is not None:
        yield from faults_in_charter(Charter.of(form), names_in(_list(value, "team")))


def _reserved_names(value: Any) -> Iterator[Problem]:
    providers = value.get("providers") if isinstance(value, dict) else None
    for name in providers if isinstance(providers, dict) else ():
        if why := reserved(name):
            yield field_at("providers", name), why


def _clashing_criteria(value: Any) -> Iterator[Problem]:
    ids = [item.get("id") if isinstance(item, dict) else None for item in _list(value, "criteria")]
    for index, id in enumerate(ids):
        if isinstance(id, str) and ids.index(id) != index:
            yield f"{item_at('criteria', index)}.id", f"{item_at('criteria', ids.index(id))} has the same id '{id}'"


def _clashing_seeds(value: Any) -> Iterator[Problem]:
    first: dict[tuple[ContextKey, str], tuple[str, Proposal]] = {}
    for index, item in enumerate(_list(value, "seeds")):
        path = item_at("seeds", index)
        form = fitted(item, ProposalForm, path, [])
        if form is not None and not list(faults_of(item)):
            seed = form.proposal()
            where, other = first.setdefault((seed.key, seed.id), (path, seed))
            if other is not seed and not other.equals(seed):
                yield f"{path}.id", f"{where} has the same key and id '{seed.id}', but differs"
