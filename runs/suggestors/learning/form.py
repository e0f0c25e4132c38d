"""How an author says that a formation learns."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.suggestors.classifier import ProblemClass
from runs.suggestors.forms import NotBlank
from runs.suggestors.learning.episodes import CATEGORIES


class LearningForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What runs teach, and whom."""

    problem_class: Annotated[
        ProblemClass | None, Meta(description="Which runs learn from one another; null = the class that the words of the seeds tell.")
    ] = None
    categories: Annotated[
        list[NotBlank], Meta(description=f"What hypotheses are expected to be about; when absent: {', '.join(CATEGORIES)}.")
    ] = msgspec.field(default_factory=lambda: list(CATEGORIES))


def learning_of(said: bool | LearningForm) -> LearningForm | None:
    """What a document says of learning; None if its runs are not remembered."""
    return said if isinstance(said, LearningForm) else LearningForm() if said else None
