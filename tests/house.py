"""Ready-made tenants, members, versions and runs, for tests."""

from typing import Any

from runs.models import Formation, FormationVersion, Membership, Role, Run, Tenant, User

DOCUMENT = '{"schema":"organism.formation/v1","label":"Empty","team":[],"seeds":[]}'


def a_tenant(slug: str = "acme") -> Tenant:
    """The tenant of that slug."""
    return Tenant.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def a_member(role: str = Role.ADMIN, *, of: str = "acme", email: str | None = None) -> Membership:
    """A member of the tenant, made if need be."""
    user, _ = User.objects.get_or_create(email=email or f"{role}@{of}.example")
    return Membership.objects.get_or_create(tenant=a_tenant(of), user=user, defaults={"role": role})[0]


def a_version(document: str = DOCUMENT, *, of: str = "acme", slug: str = "panel") -> FormationVersion:
    """A published version of a formation of the tenant."""
    formation, _ = Formation.objects.get_or_create(tenant=a_tenant(of), slug=slug, defaults={"label": slug.title()})
    number = formation.versions.count() + 1
    return FormationVersion.objects.create(formation=formation, number=number, document=document, content_hash="0" * 64, author="ada")


def a_run(*, of: str = "acme", version: FormationVersion | None = None, **fields: Any) -> Run:
    """A run of the tenant, queued unless told otherwise."""
    version = version or a_version(of=of, slug=f"panel-{Formation.objects.count()}")
    values = {"label": "Panel", "correlation_id": "c-1", "started_by": "ada@acme.example"} | fields
    return Run.objects.create(tenant=a_tenant(of), version=version, **values)
