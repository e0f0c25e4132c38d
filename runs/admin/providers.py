"""Whom tenants may reach; secrets are not shown."""

from django.contrib import admin

from runs.admin.reading import ReadingAdmin
from runs.models import Provider


@admin.register(Provider)
class ProviderAdmin(ReadingAdmin):
    """Providers with the settings that may be seen."""

    list_display = ("id", "tenant", "name", "kind", "max_concurrency", "per_minute", "changed_at")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)
    search_fields = ("=name",)
    exclude = ("sealed",)
