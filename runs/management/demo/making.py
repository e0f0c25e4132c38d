"""Making the demo: a tenant, somebody to sign in as, formations, and runs worth looking at.

Two formations are of the demo's own; the others are the examples of all templates.
"""

import getpass
from typing import Any

from django.db import transaction
from django.utils import timezone

from runs.actions.formations import create_formation
from runs.actions.gates import decide_gate
from runs.actions.runs import start_run
from runs.actions.tenants import add_member, appoint_keeper, console, create_tenant
from runs.management.demo import EMAIL, TENANT, coffee, laptops, password
from runs.reading.named import gate_named
from runs.reading.report import report_of
from runs.runner import carry, claim_run, held, new_lease
from runs.suggestors.templates import templates

# Templates whose example somebody has signed; the others with gates wait for whoever looks at the demo.
SIGNED = ("organism-diligence", "vendor-selection-decide")


@transaction.atomic
def make() -> None:
    """Make the tenant with its member, and conduct the runs on the spot: all of it, or nothing."""
    create_tenant(by=f"console:{getpass.getuser()}", slug=TENANT, name="Demo")
    by = console(TENANT)
    member = add_member(by=by, email=EMAIL, role="admin", password=password())
    appoint_keeper(by=by, member=member)
    for template in templates():
        run = _run(member, create_formation(by=member, document=template.filled(template.card.example).to_json()))
        if template.name in SIGNED:
            _approve(member, run)
    purchase = create_formation(by=member, document=laptops.document())
    _run(member, create_formation(by=member, document=coffee.document()))
    _approve(member, _run(member, purchase))
    _run(member, purchase)


def _run(member: Any, version: Any) -> Any:
    lease = new_lease()
    run = held(start_run(by=member, version=version, lease=lease).pk, lease)
    carry(run)
    return run


def _approve(member: Any, run: Any) -> None:
    for gate in report_of(run)["gates_open"]:
        decide_gate(by=member, gate=gate_named(member, gate), verdict="approve")
    taken = claim_run(run, timezone.now())
    if taken is not None:
        carry(taken)
