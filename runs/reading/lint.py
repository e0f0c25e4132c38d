"""Lint: what a document may say and yet will not do, in itself and in this tenant."""

from collections.abc import Iterator

from runs.models import Actor, Membership, Role, shortage
from runs.reading.readiness import readiness_in
from runs.suggestors.charters import Charter, Table
from runs.suggestors.document import FormationDocument, read_document
from runs.suggestors.findings import Finding, Severity, by_severity
from runs.suggestors.huddle.consensus import ConsensusEvaluatorParams
from runs.suggestors.human import HumanParams
from runs.suggestors.lint import findings_in
from runs.suggestors.problems import DocumentInvalid

_AS_BAD_AS: dict[str, Severity] = {"blocking": "error", "degraded": "warning", "advisory": "advice"}


def findings_of(by: Actor, document: str | bytes) -> list[Finding]:
    """Everything to know of a document before it runs in the actor's tenant, the worst first; its faults, if it cannot be read."""
    try:
        read = read_document(document)
    except DocumentInvalid as error:
        return [Finding("error", path, message) for path, message in error.errors]
    return by_severity([*_of_the_surroundings(by, read), *_warnings(by, read)])


def lint_of(by: Actor, document: str) -> list[str]:
    """The warnings for a document in the actor's tenant, as lines; those that readiness tells as well are among them."""
    try:
        return [str(found) for found in by_severity(_warnings(by, read_document(document))) if found.severity != "advice"]
    except DocumentInvalid:
        return []


def findings_in_tenant(by: Actor, document: str) -> list[Finding]:
    """What stands beside the readiness of a document; nothing for one that cannot be read, as it tells its own faults."""
    try:
        return by_severity(_beside_readiness(by, read_document(document)))
    except DocumentInvalid:
        return []


def _of_the_surroundings(by: Actor, document: FormationDocument) -> Iterator[Finding]:
    """What readiness misses; people and what must be installed are told in the words of lint."""
    for gap in readiness_in(by, document).gaps:
        if gap.kind not in ("people", "feature"):
            yield Finding(_AS_BAD_AS[gap.severity], gap.path, f"{gap.says} {gap.remedy}")


def _warnings(by: Actor, document: FormationDocument) -> list[Finding]:
    told = [*_shortage(by, document), *_missing(document)]
    return [*(Finding("warning", path, says) for path, says in told), *_beside_readiness(by, document)]


def _beside_readiness(by: Actor, document: FormationDocument) -> list[Finding]:
    """What nobody else tells."""
    told = [*_gates(by, document), *_humans(by, document), *_charter(document)]
    return [*(Finding("warning", path, says) for path, says in told), *findings_in(document)]


Told = tuple[str, str]


def _gates(by: Actor, document: FormationDocument) -> Iterator[Told]:
    gates = document.gates
    if gates is None:
        return
    for name in gates.approvers:
        if not Membership.objects.of(by).who_decide([name]).exists():
            yield "gates.approvers", f"nobody here is “{name}”."
    if gates.timeout_action == "escalate" and not Membership.objects.of(by).filter(role=Role.ADMIN).exists():
        yield "gates.timeout", "nobody here is an admin to escalate to."


def _shortage(by: Actor, document: FormationDocument) -> Iterator[Told]:
    """Gates for which there are not people enough."""
    gates = document.gates
    missing = None if gates is None else shortage(by, gates.approvers, gates.quorum, self_approval=gates.self_approval)
    if missing:
        yield "gates.quorum", f"{missing}, if you start it."


def _humans(by: Actor, document: FormationDocument) -> Iterator[Told]:
    """Seats that ask somebody who is not here."""
    for seat in document.seats:
        if isinstance(seat.params, HumanParams) and not Membership.objects.of(by).who_decide([seat.params.ask]).exists():
            yield f"{seat.place}.ask", f"nobody here is “{seat.params.ask}”."


def _charter(document: FormationDocument) -> Iterator[Told]:
    """Where the team will not do what its charter asks for."""
    charter, kinds = document.charter, {seat.kind.kind for seat in document.seats if seat.enabled}
    if charter is None:
        return
    table = Table(charter, document.seats)
    for seat in document.seats:
        for key, why in table.forbidden(seat.name).items():
            if seat.enabled and key in seat.writes():
                yield "charter.members", f"{why}; what {seat.name} puts under {key} will not be accepted."
    if charter.terms.require_round_synthesis and not kinds & {"round-synthesizer", "llm-synthesizer"}:
        yield "charter.require_round_synthesis", "no seat sums up rounds."
    if charter.terms.require_dissent_map and "disagreement-mapper" not in kinds:
        yield "charter.require_dissent_map", "no seat gathers who dissents."
    yield from _counting(charter, document)


def _counting(charter: Charter, document: FormationDocument) -> Iterator[Told]:
    counting = [seat for seat in document.seats if isinstance(seat.params, ConsensusEvaluatorParams) and seat.enabled]
    if charter.terms.require_done_gate and not counting:
        yield "charter.require_done_gate", "no seat counts votes."
    for seat in counting:
        if seat.params.rule != charter.terms.consensus_rule:
            yield f"{seat.place}.rule", f"{seat.params.rule}, and the charter says {charter.terms.consensus_rule}."
        if seat.params.total_voters != len(charter.voters):
            yield f"{seat.place}.total_voters", f"{seat.params.total_voters}, and {len(charter.voters)} members may vote."


def _missing(document: FormationDocument) -> Iterator[Told]:
    """Seats for which something must be installed."""
    for seat in document.seats:
        if seat.enabled and (lack := seat.kind.missing(seat.params)):
            yield seat.place, f"{lack}."
