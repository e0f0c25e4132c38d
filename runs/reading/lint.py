"""What a document may say and yet will not do in this tenant: warnings for whoever reads or writes it."""

from collections.abc import Iterator

from runs.models import Actor, Membership, Role, shortage
from runs.suggestors.document import FormationDocument, read_document
from runs.suggestors.human import HumanParams
from runs.suggestors.problems import DocumentInvalid


def lint_of(by: Actor, document: str) -> list[str]:
    """The warnings for a document in the actor's tenant; none for one that cannot be read, as it tells its own faults."""
    try:
        read = read_document(document)
    except DocumentInvalid:
        return []
    return [*_gates(by, read), *_humans(by, read)]


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
