"""Keeping filters of the run list under names."""

from django.db import transaction

from runs.actions.audit import note
from runs.models import Membership, SavedView

#: Views that one member may keep.
MOST = 50
LONGEST_NAME = 60
LONGEST_QUERY = 1000


@transaction.atomic
def save_view(*, by: Membership, name: str, query: str) -> SavedView:
    """Keep a filter under a name; another one of that name is replaced."""
    name = " ".join(name.replace("\x00", "").split())
    _check(by, name, query)
    before = SavedView.objects.of(by).filter(name=name).first()
    view, _ = SavedView.objects.update_or_create(member=by, name=name, defaults={"query": query})
    note(by=by, action="save_view", subject=name, before=before and {"query": before.query}, after={"query": query})
    return view


@transaction.atomic
def forget_view(*, by: Membership, name: str) -> None:
    """Forget a filter; raises `DoesNotExist` for what the member has not kept."""
    view = SavedView.objects.of(by).get(name=name)
    note(by=by, action="forget_view", subject=name, before={"query": view.query})
    view.delete()


def _check(by: Membership, name: str, query: str) -> None:
    if not 1 <= len(name) <= LONGEST_NAME:
        raise UnableToSaveView(f"a view needs a name of 1 to {LONGEST_NAME} characters; here it is {len(name)}")
    if not 1 <= len(query) <= LONGEST_QUERY:
        raise UnableToSaveView(
            "choose a filter first: without one the list shows all runs" if not query else "the filter is too long to be kept"
        )
    if SavedView.objects.of(by).exclude(name=name).count() >= MOST:
        raise UnableToSaveView(f"{MOST} views are kept already; forget one first")


class UnableToSaveView(Exception):
    """No name, no filter, or too many."""
