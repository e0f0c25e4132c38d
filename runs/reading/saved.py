"""The filters that a member keeps."""

from runs.models import Actor, SavedView


def saved_views_of(by: Actor) -> list[SavedView]:
    """Those of the member, by name."""
    return list(SavedView.objects.of(by))
