"""Changing journals behind the house's back, as somebody with the database in their hands could."""

from typing import Any

from django.db import connection

from runs.models import Run


def alter(run: Run, seq: int, was: str, becomes: str) -> None:
    """Replace a part of one envelope's text."""
    body = run.envelopes.get(seq=seq).body
    assert was in body
    _execute("UPDATE runs_envelope SET body = %s WHERE run_id = %s AND seq = %s", body.replace(was, becomes), run.pk, seq)


def swap(run: Run, one: int, other: int) -> None:
    """Let two rows of the same family change places, their numbers set right."""
    rows = {row.seq: row for row in run.envelopes.filter(seq__in=(one, other))}
    for place, taken in ((one, rows[other]), (other, rows[one])):
        body = taken.body.replace(f'{{"seq":{taken.seq},', f'{{"seq":{place},', 1)
        body = body.replace(f'"event_id":"{taken.event_id}"', f'"event_id":"{rows[place].event_id}"')
        columns = (taken.kind, taken.cycle, taken.suggestor, body, run.pk, place)
        _execute("UPDATE runs_envelope SET kind = %s, cycle = %s, suggestor = %s, body = %s WHERE run_id = %s AND seq = %s", *columns)


def set_column(run: Run, seq: int, column: str, value: Any) -> None:
    """Change what a column says of an envelope."""
    _execute(f"UPDATE runs_envelope SET {column} = %s WHERE run_id = %s AND seq = %s", value, run.pk, seq)


def remove(run: Run, seq: int) -> None:
    """Take a row out."""
    _execute("DELETE FROM runs_envelope WHERE run_id = %s AND seq = %s", run.pk, seq)


def _execute(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
