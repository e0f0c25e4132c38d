"""Seats taken by language models: for proposals, votes and syntheses."""

from runs.suggestors.llm.author import Llm
from runs.suggestors.llm.synthesizer import LlmSynthesizer
from runs.suggestors.llm.voter import LlmVoter

__all__ = ["Llm", "LlmSynthesizer", "LlmVoter"]
