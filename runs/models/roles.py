"""What a member may do: one table, which the code asks, the pages show and the README prints."""

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    """What a member is in a tenant."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    AUTHOR = "author"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Deed:
    """Something that is allowed to some roles; also the scope of an API token."""

    name: str
    says: str
    roles: frozenset[str]


def _deed(name: str, says: str, *roles: str) -> Deed:
    return Deed(name, says, frozenset(roles))


#: Every deed with those who may do it; an admin may do all of them.
DEEDS = (
    _deed("view", "look at runs, gates, formations and members", *Role.values),
    _deed("run", "start and cancel runs and tournaments", Role.OPERATOR, Role.AUTHOR, Role.ADMIN),
    _deed("author", "write and publish formations", Role.AUTHOR, Role.ADMIN),
    _deed("decide", "decide gates that name nobody", Role.OPERATOR, Role.APPROVER, Role.ADMIN),
    _deed("verify", "have runs executed again and compared", Role.OPERATOR, Role.AUTHOR, Role.AUDITOR, Role.ADMIN),
    _deed("audit", "read and export the audit log", Role.AUDITOR, Role.ADMIN),
    _deed("administer", "members, roles, invitations, providers, everybody's tokens", Role.ADMIN),
)
MAY: dict[str, frozenset[str]] = {deed.name: deed.roles for deed in DEEDS}


def deeds_of(role: str) -> list[Deed]:
    """What a role may do, in the order of the table."""
    return [deed for deed in DEEDS if role in deed.roles]


def roles_table() -> str:
    """The table as Markdown."""
    head = ["| deed | allows to | " + " | ".join(Role.values) + " |", "|---|---|" + ":-:|" * len(Role.values)]
    rows = [f"| `{deed.name}` | {deed.says} | {' | '.join('✓' if role in deed.roles else '' for role in Role.values)} |" for deed in DEEDS]
    return "\n".join(head + rows)
