"""Rows that are written once."""

from typing import Any, NoReturn

from django.db import models


class ImmutableQuerySet(models.QuerySet[Any]):
    """Reads only: there is nothing to update or delete."""

    def update(self, **values: Any) -> NoReturn:
        """Refuse: the rows are immutable."""
        raise Immutable(f"{self.model._meta.verbose_name_plural} are immutable")

    def delete(self) -> NoReturn:
        """Refuse: the rows are kept."""
        raise Immutable(f"{self.model._meta.verbose_name_plural} are never deleted")


class ImmutableModel(models.Model):
    """A row that can be inserted, and then neither changed nor deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change what is there."""
        if not self._state.adding:
            raise Immutable(f"a {self._meta.verbose_name} is immutable")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the row is kept."""
        raise Immutable(f"a {self._meta.verbose_name} is never deleted")


class Immutable(TypeError):
    """Somebody tried to change what was written for good."""
