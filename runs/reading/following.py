"""Who may follow what, live: asked when they come, and again now and then while they stay."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from runs.models import Membership, Run
from runs.reading.members import membership_of
from runs.reading.runs import run_of


@dataclass(frozen=True, slots=True)
class Followed:
    """A run, and the member who follows it."""

    by: Membership
    run: Run


def followed_run(user: Any, tenant: str, uuid: str) -> Followed:
    """The run, for a member of its tenant; raises `DoesNotExist` for everybody else and for what is no run."""
    by = membership_of(user, tenant)
    try:
        return Followed(by, run_of(by, uuid))
    except ValidationError as error:
        raise Run.DoesNotExist(f"{uuid!r} names no run") from error
