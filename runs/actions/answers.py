"""Answers: what a person says to a question, held against the schema that came with it."""

from typing import Any

import jsonschema_rs

from runs.actions.edits import EditInvalid, below, check_size
from runs.engine.effects import InterruptRaise, effect_from_json
from runs.engine.questions import Asked
from runs.models import Gate
from runs.suggestors.problems import field_at, item_at
from runs.suggestors.storable import faults_of

MOST_ERRORS = 20


def check_answer(gate: Gate, answer: Any) -> None:
    """Raise `EditInvalid` unless the answer can be stored and fits the question's schema."""
    problems = [(below("answer", path), message) for path, message in faults_of(answer)]
    if problems:
        raise EditInvalid(problems)
    check_size("answer", answer)
    effect = effect_from_json(gate.question_value["effect"])
    if isinstance(effect, InterruptRaise):
        errors = jsonschema_rs.validator_for(Asked.of(effect.value).schema, retriever=_nothing).iter_errors(answer)
        wrong = [(_path(error.instance_path), error.message) for error, _ in zip(errors, range(MOST_ERRORS), strict=False)]
        if wrong:
            raise EditInvalid(wrong)


def _path(steps: list[str | int]) -> str:
    path = "answer"
    for step in steps:
        path = item_at(path, step) if isinstance(step, int) else field_at(path, step)
    return path


def _nothing(address: str) -> None:
    raise ValueError(f"{address} is not fetched")
