"""Where a run stands, by its journal; a journal that somebody damaged is told as that."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error

from runs.engine import ConvergeError, State, restore
from runs.journal.rebuild import envelopes_of
from runs.models import Run


def restored(run: Run) -> State:
    """The state at which the journal ends; raises `JournalDamaged`."""
    with reading_of(run):
        return restore(envelope for _, envelope in envelopes_of(run))


@contextmanager
def reading_of(run: Run) -> Iterator[None]:
    """While the block lasts, whatever rows make no sense is raised as `JournalDamaged`."""
    try:
        yield
    except (Error, ConvergeError):
        raise
    except Exception as error:
        raise JournalDamaged(f"the journal of run {run.pk} is damaged and cannot be read: {type(error).__name__}: {error}") from error


class JournalDamaged(Exception):
    """The rows of a journal are not such as were written; `manage.py verify` tells where."""
