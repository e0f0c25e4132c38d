"""What a run begins with beside its document, or instead of the document's own seeds; fixed when the run is started."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from runs.engine import ContextKey, Proposal
from runs.suggestors.document import SCHEMA, document_of
from runs.suggestors.forms import ProposalForm
from runs.suggestors.priors import PROVENANCE, PriorCalibration
from runs.suggestors.recall import RecallCandidate
from runs.suggestors.text import parse


class Seeding(msgspec.Struct, frozen=True, omit_defaults=True):
    """Seeds `instead` of the document's (None: its own), and seeds `beside` them."""

    instead: list[ProposalForm] | None = None
    beside: list[ProposalForm] = []

    def to_json(self) -> str:
        """JSON text that reads back as this."""
        return msgspec.json.encode(self).decode()

    def seeds(self, own: Sequence[Proposal]) -> list[Proposal]:
        """The seeds in their order, `own` being the document's; of what is offered beside, an id that is taken is left out."""
        first = list(own) if self.instead is None else [form.proposal() for form in self.instead]
        taken = {(seed.key, seed.id) for seed in first}
        return first + [form.proposal() for form in self.beside if (form.key, form.id) not in taken]


def seeds_of(own: Sequence[Proposal], seeding: str) -> list[Proposal]:
    """The seeds of a run whose document has its `own`; `seeding` is the JSON of a `Seeding`, or nothing."""
    return msgspec.json.decode(seeding, type=Seeding).seeds(own) if seeding else list(own)


def read_seeds(text: str) -> list[ProposalForm]:
    """A list of seeds in JSON or YAML, as a document has it; raises `DocumentInvalid` with everything that is wrong."""
    value = {"schema": SCHEMA, "label": "seeds", "seeds": parse(text)}
    document_of(value)
    return forms_of(value)


def forms_of(document: Mapping[str, Any]) -> list[ProposalForm]:
    """The seeds of a valid document."""
    return msgspec.convert(document.get("seeds", []), list[ProposalForm])


def offered(problem_class: str, priors: Iterable[PriorCalibration], memories: Iterable[RecallCandidate]) -> list[ProposalForm]:
    """What earlier runs taught about problems of a class, as seeds: nothing but texts, which suggestors may read."""
    seeds = [
        _seed(f"prior:{prior.assumption_type}", {"type": "prior_calibration", "problem_class": problem_class, "calibration": prior})
        for prior in priors
    ]
    return seeds + [_seed(f"memory:{memory.id}", {"type": "recall_candidate", "candidate": memory}) for memory in memories]


def _seed(id: str, content: dict[str, object]) -> ProposalForm:
    return ProposalForm(ContextKey.SEEDS, id, PROVENANCE, text=msgspec.json.encode(content).decode())
