"""Whom the effects of a tenant's runs may reach."""

from django.db.models import QuerySet

from runs.models import Actor, Provider


def providers_of(by: Actor) -> QuerySet[Provider]:
    """The providers of the actor's tenant, by name; their settings with secrets hidden are `shown_settings`."""
    return Provider.objects.of(by)
