"""What all pages of the admin share: they show, they change nothing, and they never count a log."""

from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

#: Rows that a list reaches back; what is older is found by a filter.
REACH = 1_000


class ReachPaginator(Paginator):
    """Pages the newest rows; the database is never asked how many there are in all."""

    @cached_property
    def count(self) -> int:
        """The number of rows within reach."""
        rows = cast("QuerySet[Any]", self.object_list)
        return len(rows.order_by("-pk").values_list("pk", flat=True)[:REACH])


class ReadingAdmin(admin.ModelAdmin):
    """Lists with filters and a detail page, all of it for reading: deeds are done through actions."""

    ordering = ("-pk",)
    paginator = ReachPaginator
    show_full_result_count = False
    list_per_page = 50
    actions = None
    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False

    def get_sortable_by(self, request: HttpRequest) -> tuple[()]:
        """No column: sorting a log by anything but its place reads all of it."""
        return ()


class OfRunAdmin(ReadingAdmin):
    """Rows of runs: `?run=NUMBER` narrows a list to one."""

    list_select_related = ("run",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """The run may be named in the address."""
        return lookup in ("run", "run__id__exact") or super().lookup_allowed(lookup, value, request)


class WordFilter(admin.SimpleListFilter):
    """Filters by a column whose words are known, without asking the table which there are."""

    column = ""
    words: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The words."""
        return [(word, word) for word in self.words]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only rows with the word that was chosen."""
        return queryset.filter(**{self.column: self.value()}) if self.value() in self.words else queryset


def words(name: str, *allowed: str) -> type[WordFilter]:
    """A filter on a column of that name."""
    return type(f"{name.title()}Filter", (WordFilter,), {"title": name, "parameter_name": name, "column": name, "words": allowed})
