"""Rows as files: CSV for spreadsheets, JSON for programs."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
Rows = Sequence[dict[str, Any]]


def taken(rows: Rows, name: str, form: str) -> HttpResponse:
    """The rows as a file of that name; another form than CSV and JSON is not there."""
    if form not in TYPES:
        raise Http404
    content = as_csv(rows) if form == "csv" else json.dumps(rows, ensure_ascii=False)
    return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'})


def as_csv(rows: Rows) -> str:
    """Rows with a head; lists in one cell, and nothing that a spreadsheet would take for a formula."""
    written = io.StringIO()
    if rows:
        writer = csv.DictWriter(written, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return written.getvalue()


def _cell(value: Any) -> Any:
    text = "; ".join(value) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
