"""Fuzzy logic: membership functions, expressions, rules, and the suggestor that infers with them."""

from runs.suggestors.fuzzy.inference import FuzzyInvalid, FuzzyRule, Trace, Variable, infer
from runs.suggestors.fuzzy.suggestor import FuzzyInference

__all__ = ["FuzzyInference", "FuzzyInvalid", "FuzzyRule", "Trace", "Variable", "infer"]
