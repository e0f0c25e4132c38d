"""All drills."""

from django.db import connection

from tests.drills import killing, storage
from tests.drills.drill import Drill
from tests.drills.stage import Stage


def matrix(stage: Stage) -> list[Drill]:
    """Those that concern the database in use."""
    return [drill for room in (killing, storage) for drill in room.drills(stage) if drill.vendor in ("", connection.vendor)]
