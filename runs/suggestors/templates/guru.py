"""The guru: from an intent in words to the template that fits, with everything that led to the choice."""

from collections.abc import Sequence

import msgspec

from runs.suggestors.classifier import ProblemClassification, classify
from runs.suggestors.templates.shelf import CostHint, Template, templates

# What a host can do unless it says otherwise.
CAPABILITIES = ("llm_reasoning", "knowledge_retrieval", "analytics", "policy_enforcement", "human_in_the_loop")
_CHEAPNESS: dict[CostHint, int] = {"low": 2, "medium": 1, "high": 0}
MOST_ALTERNATES = 2
_A_RANK = 10


class CandidateScore(msgspec.Struct, frozen=True):
    """What a template is worth for the intent: ten for each place from the end of the catalogue's order, its surplus, its cheapness."""

    template_id: str
    catalog_rank: int
    capability_surplus: int
    cost_hint: CostHint
    composite: int


class SelectionTrace(msgspec.Struct, frozen=True):
    """Everything that led to the choice."""

    problem_class: str
    matched_keywords: tuple[str, ...]
    defaulted: bool
    query_keywords: tuple[str, ...]
    query_capabilities: tuple[str, ...]
    considered: tuple[str, ...]
    scores: tuple[CandidateScore, ...]
    primary_id: str
    primary_reason: str


class GuruSelection(msgspec.Struct, frozen=True):
    """The template that fits best, up to two that fit as well, and why."""

    primary: str
    alternates: tuple[str, ...]
    classification: ProblemClassification
    trace: SelectionTrace


def guru(intent: str, capabilities: Sequence[str] = CAPABILITIES, *, catalogue: Sequence[Template] | None = None) -> GuruSelection:
    """Choose among `catalogue` (the five standard templates) what the host's capabilities allow; raises `NoMatch`."""
    shelf = [template for template in templates() if template.catalogue == "standard"] if catalogue is None else catalogue
    found = classify(intent)
    words = tuple(dict.fromkeys((found.problem_class, *found.matched_keywords)))
    fitting = [template for template in _matches(words, shelf) if set(template.card.capabilities) <= set(capabilities)]
    if not fitting:
        raise NoMatch(found.problem_class)
    scores = tuple(sorted(_scores(fitting, capabilities), key=lambda score: -score.composite))
    names = tuple(score.template_id for score in scores)
    trace = SelectionTrace(
        found.problem_class, found.matched_keywords, found.defaulted, words, tuple(capabilities), names, scores, names[0],
        _reason(found, scores[0]),
    )  # fmt: skip
    return GuruSelection(names[0], names[1 : 1 + MOST_ALTERNATES], found, trace)


def _matches(words: Sequence[str], shelf: Sequence[Template]) -> list[Template]:
    """The templates that share a keyword with the query, those that share most first."""
    hits = {template.name: _hits(words, template.card.keywords) for template in shelf}
    return sorted((template for template in shelf if hits[template.name]), key=lambda template: -hits[template.name])


def _hits(words: Sequence[str], keywords: Sequence[str]) -> int:
    known = {keyword.lower() for keyword in keywords}
    return sum(word.lower() in known for word in words)


def _scores(fitting: Sequence[Template], capabilities: Sequence[str]) -> list[CandidateScore]:
    return [_score(template, rank, len(fitting), capabilities) for rank, template in enumerate(fitting)]


def _score(template: Template, rank: int, count: int, capabilities: Sequence[str]) -> CandidateScore:
    surplus = sum(capability not in template.card.capabilities for capability in capabilities)
    composite = (count - rank) * _A_RANK + surplus + _CHEAPNESS[template.cost_hint]
    return CandidateScore(template.name, rank, surplus, template.cost_hint, composite)


def _reason(found: ProblemClassification, best: CandidateScore) -> str:
    picked = f"{best.template_id} has the highest composite, {best.composite}"
    if found.defaulted:
        return f"no word told what kind of problem it is, so it defaulted to {found.problem_class}; {picked}"
    word = f"'{found.matched_keywords[0]}'" if found.matched_keywords else "no keyword"
    detail = f"{best.capability_surplus} capabilities to spare, cost {best.cost_hint}"
    return f"{word} tells of {found.problem_class}; {picked} ({detail})"


class NoMatch(LookupError):
    """No template fits the class with these capabilities."""

    def __init__(self, problem_class: str) -> None:
        super().__init__(f"no template fits a problem of class '{problem_class}' with these capabilities")
        self.problem_class = problem_class
