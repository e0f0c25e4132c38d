"""Whether the surroundings are ready for a run: providers, keys, budgets, kinds, what is installed, people who decide."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from runs.models import Actor, CannotUnseal, FormationVersion, Provider, shortage
from runs.suggestors.document import FormationDocument, read_document
from runs.suggestors.human import HumanParams
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.providers import ProviderError
from runs.suggestors.providers.built_in import BUILT_IN
from runs.suggestors.providers.keys import key_named
from runs.suggestors.providers.kinds import UnknownProviderKind, read_settings
from runs.suggestors.seats import Seat

Severity = Literal["blocking", "degraded", "advisory"]
Sort = Literal["feature", "credential", "budget", "service", "pack", "people"]
SEVERITIES: tuple[Severity, ...] = ("blocking", "degraded", "advisory")
#: Parameters by which kinds that reach out name whom.
NAMES = ("provider", "tool")


@dataclass(frozen=True)
class Gap:
    """Something that is missing: how bad that is, where the document needs it, and what to do."""

    severity: Severity
    kind: Sort
    path: str
    says: str
    remedy: str


@dataclass(frozen=True)
class Confirmed:
    """Something that is there."""

    kind: Sort
    says: str


@dataclass
class Readiness:
    """Go or no go: what is there, and the gaps, the worst first. Nothing but a blocking gap is a no."""

    confirmed: list[Confirmed] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether nothing blocks."""
        return not self.blockers

    @property
    def blockers(self) -> list[Gap]:
        """The gaps that a run should not be started with."""
        return [gap for gap in self.gaps if gap.severity == "blocking"]

    def as_value(self) -> dict[str, Any]:
        """For JSON."""
        return {"ready": self.is_ready} | asdict(self)


def readiness_of(by: Actor, version: FormationVersion) -> Readiness:
    """Whether a run of a version that the actor starts has what it needs."""
    try:
        document = read_document(version.document)
    except DocumentInvalid as error:
        remedy = "Publish a version without the fault, or install what it needs."
        return Readiness(gaps=[Gap("blocking", "pack", path, message, remedy) for path, message in error.errors])
    return readiness_in(by, document)


def readiness_in(by: Actor, document: FormationDocument) -> Readiness:
    """Whether a run of a document has what it needs in the actor's tenant."""
    found = [*_kinds(document), *_providers(by, document), *_budgets(document), *_people(by, document)]
    gaps = [item for item in found if isinstance(item, Gap)]
    confirmed = [item for item in found if isinstance(item, Confirmed)]
    return Readiness(confirmed, sorted(gaps, key=lambda gap: SEVERITIES.index(gap.severity)))


def check_readiness(by: Actor, version: FormationVersion) -> None:
    """Raise `NotReady` if something blocks a run of a version that the actor starts; whether people suffice is for `start_run` to say."""
    blockers = [gap for gap in readiness_of(by, version).blockers if gap.kind != "people"]
    if blockers:
        raise NotReady("; ".join(f"{gap.path}: {gap.says} {gap.remedy}" for gap in blockers))


Item = Gap | Confirmed


def _kinds(document: FormationDocument) -> Iterator[Item]:
    """Every kind is known, or the document could not be read; some need an extra."""
    for seat in _enabled(document):
        lack = seat.kind.missing(seat.params)
        if lack:
            yield Gap("blocking", "feature", seat.place, lack, "Install it, or choose other parameters.")
    yield Confirmed("pack", f"All {len({seat.kind.kind for seat in document.seats})} kinds of the team are known.")


def _providers(by: Actor, document: FormationDocument) -> Iterator[Item]:
    scripted, rows = document.providers(), {row.name: row for row in Provider.objects.of(by)}
    for name, paths in _named(document).items():
        if name in scripted:
            yield Confirmed("service", f"“{name}” is scripted in the document.")
        elif name in BUILT_IN:
            yield Confirmed("service", f"“{name}” belongs to the installation.")
        elif name in rows:
            yield from _configured(rows[name], paths[0])
        else:
            remedy = f"manage.py provider set {name} --kind KIND --file FILE, or script it under the document's providers."
            yield Gap("blocking", "service", paths[0], f"Nobody here is configured as “{name}”.", remedy)


def _configured(row: Provider, path: str) -> Iterator[Item]:
    try:
        terms = read_settings(row.kind, row.clear_settings)
        key = getattr(terms, "key_env", None)
        if key is not None:
            key_named(key)
            yield Confirmed("credential", f"The environment lends {key} to “{row.name}”.")
    except CannotUnseal as error:
        yield Gap(
            "blocking", "credential", path, f"The secrets of “{row.name}” cannot be opened: {error}.", "Give SEALING_KEYS the key back."
        )
    except ProviderError:
        yield Gap("blocking", "credential", path, f"{key} of “{row.name}” is not set.", f"export {key}=… for web server and worker.")
    except (DocumentInvalid, UnknownProviderKind) as error:
        remedy = f"manage.py provider set {row.name} --kind KIND --file FILE"
        yield Gap("blocking", "service", path, f"The settings of “{row.name}” cannot be used: {error}", remedy)
    else:
        yield Confirmed("service", f"“{row.name}” is configured ({row.kind}).")


def _budgets(document: FormationDocument) -> Iterator[Item]:
    """Whoever is asked for money should have a limit."""
    budget, scripted = document.budget, document.providers()
    if budget.max_cost_microdollars is not None or budget.max_tokens is not None:
        yield Confirmed("budget", "What models may cost is limited.")
    elif any(name not in scripted and name not in BUILT_IN for name in _named(document)):
        remedy = "Set budget.max_cost_microdollars or budget.max_tokens."
        yield Gap("degraded", "budget", "budget", "Nothing limits what the effects of a run may cost.", remedy)


def _people(by: Actor, document: FormationDocument) -> Iterator[Item]:
    gates = document.gates
    if gates is None or not (gates.keys or gates.confidence_threshold is not None):
        return
    missing = shortage(by, gates.approvers, gates.quorum, self_approval=gates.self_approval)
    if missing:
        remedy = "Add members, or change approvers, quorum or self_approval of the gates."
        yield Gap("blocking", "people", "gates.quorum", f"{missing[:1].upper()}{missing[1:]}.", remedy)
    else:
        yield Confirmed("people", "There are people enough for its gates.")


def _named(document: FormationDocument) -> dict[str, list[str]]:
    """Whom the team will ask, with the places that say so."""
    named: dict[str, list[str]] = {}
    for seat in _enabled(document):
        if seat.kind.reaches_out and not isinstance(seat.params, HumanParams):
            for name in NAMES:
                if isinstance(asked := getattr(seat.params, name, None), str):
                    named.setdefault(asked, []).append(f"{seat.place}.{name}")
    return named


def _enabled(document: FormationDocument) -> list[Seat]:
    return [seat for seat in document.seats if seat.enabled]


class NotReady(Exception):
    """A run would lack what it needs."""
