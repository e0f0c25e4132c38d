"""What people author and do: formations, versions, tenants, members, deeds."""

from django.contrib import admin

from runs.admin.reading import ReadingAdmin
from runs.models import AuditEntry, Formation, FormationVersion, Membership, Tenant, User


@admin.register(Formation)
class FormationAdmin(ReadingAdmin):
    """Formations."""

    list_display = ("id", "label", "slug", "tenant", "created_at")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)
    search_fields = ("label", "slug")


@admin.register(FormationVersion)
class FormationVersionAdmin(ReadingAdmin):
    """Versions with their documents."""

    list_display = ("id", "formation", "number", "author", "created_at", "content_hash")
    list_filter = ("formation__tenant",)
    list_select_related = ("formation",)


@admin.register(Tenant)
class TenantAdmin(ReadingAdmin):
    """Tenants."""

    list_display = ("id", "slug", "name", "created_at")


@admin.register(Membership)
class MembershipAdmin(ReadingAdmin):
    """Who is what, where."""

    list_display = ("id", "tenant", "user", "role", "created_at")
    list_filter = ("role", "tenant")
    list_select_related = ("tenant", "user")


@admin.register(User)
class UserAdmin(ReadingAdmin):
    """People."""

    list_display = ("id", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    exclude = ("password", "groups", "user_permissions")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadingAdmin):
    """Deeds."""

    list_display = ("id", "tenant", "actor", "action", "subject", "at")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)
    search_fields = ("=actor", "=action")
