"""Parameters that all seats of language models have."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runs.suggestors.forms import NotBlank, Positive
from runs.suggestors.llm.template import FRAME
from runs.suggestors.places import Place, parts_of
from runs.suggestors.providers.chat import Temperature

LONGEST_PROMPT = 1_000_000


class ModelParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom a seat asks, and how."""

    provider: Annotated[NotBlank, Meta(description="Name of the provider that is asked.")]
    model: Annotated[NotBlank | None, Meta(description="The model; null = the one that the provider's settings name.")] = None
    system: Annotated[str, Meta(description="Who the model is to be; rules about data and the form of the answer are added.")] = ""
    max_characters: Annotated[
        int, Meta(ge=1000, le=LONGEST_PROMPT, description="How long a prompt may be; older facts are left out, and the prompt says so.")
    ] = 40_000
    max_tokens: Annotated[Positive | None, Meta(description="How long an answer may be; null = what the provider's settings say.")] = None
    temperature: Annotated[Temperature | None, Meta(description="How freely the model chooses its words; null = as its makers think.")] = (
        None
    )

    def check_prompt(self, prompt: str, *words: str) -> None:
        """Raise ValueError for a prompt without one of the words as a place, or without room for facts."""
        places = [part for part in parts_of(prompt, words) if isinstance(part, Place)]
        missing = [word for word in words if all(place.kind != word for place in places)]
        if missing:
            raise ValueError(f"the prompt must hold {{{missing[0]}}}")
        if len(prompt) + FRAME * len(places) > self.max_characters:
            raise ValueError(f"the prompt leaves no room for facts in {self.max_characters} characters")
