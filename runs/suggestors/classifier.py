"""What kind of problem a text is about, by its words; and the suggestor that says so."""

from collections.abc import Iterable
from typing import Any, Literal, get_args

import msgspec

from runs.engine import Context, ContextKey, Proposal, Suggestor
from runs.suggestors.judging import payload_of
from runs.suggestors.plan_reading import text_in, texts_in
from runs.suggestors.registry import Kind, always, register
from runs.suggestors.summing import content_of

NAME = "problem-classifier"
PROVENANCE = "organism-runtime"
PREFIX = "problem-class"
#: What earlier runs taught is not what the problem is about.
LEARNT = "organism-learning"
_SHORTEST_STEM = 4

# In the order in which ties are decided.
ProblemClass = Literal["incident", "diligence", "evaluation", "decision", "research", "planning", "strategy"]
_WORDS: dict[ProblemClass, str] = {
    "incident": "incident outage issue bug fix resolve emergency urgent stabilize remediate rollback respond",
    "diligence": "diligence due-diligence vet audit verify verification validate validation qualify qualification background-check",
    "evaluation": "evaluate evaluation assess assessment score rank rating rate compare comparison benchmark review",
    "decision": "decide decision select selection choose choice pick approve approval reject rejection",
    "research": "research investigate investigation explore exploration discover find study learn survey",
    "planning": "plan planning schedule scheduling design prepare organize structure roadmap-execution rollout sequence",
    "strategy": "strategy strategic vision roadmap long-term direction positioning market-position framing",
}
KEYWORDS = {name: tuple(words.split()) for name, words in _WORDS.items()}
_DEFAULT: ProblemClass = "decision"


class ProblemClassification(msgspec.Struct, frozen=True, rename={"problem_class": "class"}):
    """The class of a problem, and the words that tell. `defaulted` = no word told."""

    problem_class: ProblemClass
    matched_keywords: tuple[str, ...] = ()
    defaulted: bool = False
    tiebroken: bool = False


def classify(text: str) -> ProblemClassification:
    """The class with most matching words, repeats included."""
    tokens = _tokens(text)
    hits = {name: [token for token in tokens if _matches(token, words)] for name, words in KEYWORDS.items()}
    winner = max(hits, key=lambda name: len(hits[name]))
    return ProblemClassification(winner, tuple(hits[winner])) if hits[winner] else ProblemClassification(_DEFAULT, defaulted=True)


def _tokens(text: str) -> list[str]:
    return "".join(char if char.isalnum() or char == "-" else " " for char in text.lower()).split()


def _matches(token: str, words: Iterable[str]) -> bool:
    stem = len(token.encode()) >= _SHORTEST_STEM
    return any(token.startswith(word) or (stem and word.startswith(token)) for word in words)


def class_of_seeds(seeds: Iterable[Proposal]) -> ProblemClass:
    """The class that the seeds' words tell, before anything runs."""
    told = [seed for key in (ContextKey.SEEDS, ContextKey.SIGNALS) for seed in seeds if seed.key is key and seed.provenance != LEARNT]
    return classify(" ".join(seed.payload.text or "" for seed in told)).problem_class


class ProblemClassifier(Suggestor):
    """Says once, under Hypotheses, what kind of problem the seeds and signals are about."""

    dependencies = (ContextKey.SEEDS,)

    def __init__(self, *, name: str = NAME) -> None:
        self.name = name
        self.done_when = tuple((ContextKey.HYPOTHESES, f"{PREFIX}:{known}") for known in KEYWORDS)

    def accepts(self, context: Context) -> bool:
        """Tell whether there are seeds that nobody has classified."""
        return context.has(ContextKey.SEEDS) and not any(fact.id.startswith(PREFIX) for fact in context.get(ContextKey.HYPOTHESES))

    def suggest(self, context: Context) -> list[Proposal]:
        """The class."""
        facts = [fact for fact in (*context.get(ContextKey.SEEDS), *context.get(ContextKey.SIGNALS)) if fact.provenance != LEARNT]
        found = classify(" ".join(fact.text or "" for fact in facts))
        content = {
            "agent": NAME,
            "class": found.problem_class,
            "matched_keywords": found.matched_keywords,
            "defaulted": found.defaulted,
        }
        used = tuple((fact.key, fact.id) for fact in facts)
        return [Proposal(ContextKey.HYPOTHESES, f"{PREFIX}:{found.problem_class}", payload_of(content), PROVENANCE, used=used)]


def classification_in(context: Context) -> ProblemClassification | None:
    """What the classifier said; None if it has not, or if it cannot be read."""
    said = next((fact for fact in context.get(ContextKey.HYPOTHESES) if fact.id.startswith(PREFIX)), None)
    content: dict[str, Any] = content_of(said) if said else {}
    problem_class, defaulted = text_in(content.get("class")), content.get("defaulted")
    if problem_class not in KEYWORDS or not isinstance(content.get("matched_keywords"), list) or not isinstance(defaulted, bool):
        return None
    known = next(name for name in get_args(ProblemClass) if name == problem_class)
    return ProblemClassification(known, tuple(texts_in(content["matched_keywords"])), defaulted, content.get("tiebroken") is True)


class ProblemClassifierParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `problem-classifier`: none."""


register(
    Kind(
        kind=NAME,
        summary="Says what kind of problem the seeds are about: decision, research, incident and so on.",
        params=ProblemClassifierParams,
        build=lambda _, name: ProblemClassifier(name=name),
        reads=always(ContextKey.SEEDS, ContextKey.SIGNALS, ContextKey.HYPOTHESES),
        writes=always(ContextKey.HYPOTHESES),
    )
)
