"""The catalogue of suggestors, the formation document, and the fluent builder; no Django, no database."""

from runs.suggestors.document import FormationDocument, document_of, read_document
from runs.suggestors.formation import ConvergenceFailed, Formation, FormationResult
from runs.suggestors.problems import DocumentInvalid
from runs.suggestors.registry import Kind, kind_of, kinds, register
from runs.suggestors.schema import document_schema

__all__ = [
    "ConvergenceFailed",
    "DocumentInvalid",
    "Formation",
    "FormationDocument",
    "FormationResult",
    "Kind",
    "document_of",
    "document_schema",
    "kind_of",
    "kinds",
    "read_document",
    "register",
]
