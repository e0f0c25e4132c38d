"""All drills."""

from django.db import connection

from tests.drills import cancelling, clocks, hanging, killing, questions, rivals, storage, web
from tests.drills.drill import Drill
from tests.drills.stage import Stage


def matrix(stage: Stage) -> list[Drill]:
    """Those that concern the database in use."""
    rooms = (killing, questions, storage, clocks, rivals, cancelling, hanging, web)
    return [drill for room in rooms for drill in room.drills(stage) if drill.vendor in ("", connection.vendor)]
