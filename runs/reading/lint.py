"""What a document may say and yet will not do in this tenant: warnings for whoever reads or writes it."""

from collections.abc import Iterator

from runs.models import Actor, Membership, Role, shortage
from runs.suggestors.charters import Charter, Table
from runs.suggestors.document import FormationDocument, read_document
from runs.suggestors.huddle.consensus import ConsensusEvaluatorParams
from runs.suggestors.human import HumanParams
from runs.suggestors.problems import DocumentInvalid


def lint_of(by: Actor, document: str) -> list[str]:
    """The warnings for a document in the actor's tenant; none for one that cannot be read, as it tells its own faults."""
    try:
        read = read_document(document)
    except DocumentInvalid:
        return []
    return [*_gates(by, read), *_humans(by, read), *_charter(read), *_missing(read)]


def _gates(by: Actor, document: FormationDocument) -> Iterator[str]:
    gates = document.gates
    if gates is None:
        return
    for name in gates.approvers:
        if not Membership.objects.of(by).who_decide([name]).exists():
            yield f"gates.approvers: nobody here is “{name}”."
    missing = shortage(by, gates.approvers, gates.quorum, self_approval=gates.self_approval)
    if missing:
        yield f"gates.quorum: {missing}, if you start it."
    if gates.timeout_action == "escalate" and not Membership.objects.of(by).filter(role=Role.ADMIN).exists():
        yield "gates.timeout: nobody here is an admin to escalate to."


def _humans(by: Actor, document: FormationDocument) -> Iterator[str]:
    """Seats that ask somebody who is not here."""
    for seat in document.seats:
        if isinstance(seat.params, HumanParams) and not Membership.objects.of(by).who_decide([seat.params.ask]).exists():
            yield f"{seat.place}.ask: nobody here is “{seat.params.ask}”."


def _charter(document: FormationDocument) -> Iterator[str]:
    """Where the team will not do what its charter asks for."""
    charter, kinds = document.charter, {seat.kind.kind for seat in document.seats if seat.enabled}
    if charter is None:
        return
    table = Table(charter, document.seats)
    for seat in document.seats:
        for key, why in table.forbidden(seat.name).items():
            if seat.enabled and key in seat.writes():
                yield f"charter.members: {why}; what {seat.name} puts under {key} will not be accepted."
    if charter.terms.require_round_synthesis and not kinds & {"round-synthesizer", "llm-synthesizer"}:
        yield "charter.require_round_synthesis: no seat sums up rounds."
    if charter.terms.require_dissent_map and "disagreement-mapper" not in kinds:
        yield "charter.require_dissent_map: no seat gathers who dissents."
    yield from _counting(charter, document)


def _counting(charter: Charter, document: FormationDocument) -> Iterator[str]:
    counting = [seat for seat in document.seats if isinstance(seat.params, ConsensusEvaluatorParams) and seat.enabled]
    if charter.terms.require_done_gate and not counting:
        yield "charter.require_done_gate: no seat counts votes."
    for seat in counting:
        if seat.params.rule != charter.terms.consensus_rule:
            yield f"{seat.place}.rule: {seat.params.rule}, and the charter says {charter.terms.consensus_rule}."
        if seat.params.total_voters != len(charter.voters):
            yield f"{seat.place}.total_voters: {seat.params.total_voters}, and {len(charter.voters)} members may vote."


def _missing(document: FormationDocument) -> Iterator[str]:
    """Seats for which something must be installed."""
    for seat in document.seats:
        if seat.enabled and (lack := seat.kind.missing(seat.params)):
            yield f"{seat.place}: {lack}."
