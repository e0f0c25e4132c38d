"""What a new seat begins with: the parameters that its kind needs, and nothing else."""

from typing import Any

from runs.suggestors.form_fields import fields_of_kind
from runs.suggestors.registry import Kind

#: Numbers and choices that make more sense than the smallest and the first.
SENSIBLE: dict[str, Any] = {"total_voters": 3, "rule": "majority", "max_rounds": 1, "expected_notes": 3}


def params_begun(kind: Kind[Any]) -> dict[str, Any]:
    """Parameters with which a new seat of the kind can be written on."""
    needed = [field for field in fields_of_kind(kind.kind, {}, []) if field.is_required]
    return {str(field.at[-1]): SENSIBLE.get(str(field.at[-1]), field.new) for field in needed}
