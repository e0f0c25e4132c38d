"""The disagreements tab, and what is looked up from its drawings: sides of a topic, table twins, voices of a row."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from runs.pages.door import member_page, number, words
from runs.pages.matrix import Matrix, Strip, dissent_strip, matrix_of, triangle_of, vote_strip
from runs.reading import disagreements
from runs.reading import runs as reading
from runs.reading.agreement import Agreement
from runs.reading.ballots import everybody
from runs.reading.disagreements import Disagreements, Split
from runs.reading.members import Member
from runs.reading.runs import Run
from runs.reading.topics import Topic

SPLITS = 50
#: From so many people on, the drawings stand below one another.
MANY = 44
RAMP = [(f"heat-{step}", 14 * (step - 1)) for step in range(1, 6)]
WIDE, SIDE_BY_SIDE = 760, 380


def shown(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What the tab shows."""
    found = disagreements.disagreements_of(run)
    many = len(found.people) > MANY
    matrix = matrix_of(found.people, found.agreement.groups, WIDE if many else SIDE_BY_SIDE)
    last = max(0, len(found.splits) - 1) // SPLITS
    place = min(number(words(request, "topics")) or 0, last)
    splits = found.splits[place * SPLITS : (place + 1) * SPLITS]
    rows = [(split, dissent_strip(matrix, split)) for split in splits]
    pages = {
        "before": place - 1 if place else None,
        "after": place + 1 if place < last else None,
        "first": place * SPLITS,
        "last": place * SPLITS + len(splits),
    }
    data = {"people": found.people, "rows": [row_data(split.topic, strip) for split, strip in rows]}
    triangle = triangle_of(found, 560 if many else SIDE_BY_SIDE - 40)
    drawn = {"matrix": matrix, "rows": rows, "triangle": triangle, "data": data, "pairs": {"people": found.people, "pairs": triangle.codes}}
    return {"dissent": found, "many": many, "pages": pages, "opened": words(request, "topic"), "ramp": RAMP} | drawn


def row_data(topic: Topic, strip: Strip) -> dict[str, Any]:
    """What the browser says of a row's cells: letters, and what each letter means there."""
    yes, no = topic.yes, topic.no
    cast = yes + no
    says = {"y": f"yes, with {yes} of {cast}", "n": f"no, with {no} of {cast}", "a": "abstain", ".": "not cast"}
    return {"topic": topic.name, "title": topic.text or topic.name, "cells": strip.codes, "says": says}


def vote_rows(topics: list[Topic], everything: list[Topic]) -> tuple[Matrix, list[tuple[Topic, Strip]]]:
    """The vote matrix: some topics in their order, the voters on everything so that like-minded ones stand together."""
    people = {who for topic in everything for who in (*topic.ballot.votes, *topic.decisions)}
    agreement = Agreement([topic.ballot for topic in everything], sorted(people))
    matrix = matrix_of(agreement.order, agreement.groups, WIDE, 20)
    return matrix, [(topic, vote_strip(matrix, topic)) for topic in topics]


@member_page
def run_sides(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """The positions on a topic side by side, with everybody's reasons."""
    run = reading.run_of(member, uuid)
    found = disagreements.sides_of(run, words(request, "topic"), everybody(run))
    if found is None:
        raise Http404
    return render(request, "runs/_sides.html", {"split": found[0], "sides": found[1]})


@member_page
def run_voices(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """What everybody said on a topic and why, for the cells of its row."""
    run = reading.run_of(member, uuid)
    found = disagreements.sides_of(run, words(request, "topic"), ())
    if found is None:
        raise Http404
    return JsonResponse({"reasons": {who: reasons for who, reasons in disagreements.reasons_of(found[0]).items() if reasons}})


@member_page
def run_twin(request: HttpRequest, member: Member, uuid: str) -> HttpResponse:
    """A drawing as a table: `votes`, `dissent`, or `agreement`, of everybody or of one."""
    run = reading.run_of(member, uuid)
    found, of, who = disagreements.disagreements_of(run), words(request, "of"), words(request, "who")
    if of == "agreement" and who in found.people:
        return render(
            request, "runs/_twin_standing.html", {"who": who, "pairs": found.agreement.standing_of(who), "run": run, "member": member}
        )
    if of not in TWINS:
        raise Http404
    return render(request, f"runs/_twin_{of}.html", {"found": found, "rows": TWINS[of](found), "run": run, "member": member})


def _dissent_rows(found: Disagreements) -> list[tuple[Split, list[tuple[str, list[str]]]]]:
    return [(split, [(who, disagreements.reasons_of(split).get(who, [])) for who in split.dissenters]) for split in found.splits]


def _vote_rows(found: Disagreements) -> list[tuple[Topic, list[str]]]:
    topics = sorted((split.topic for split in found.splits), key=lambda topic: topic.order)
    return [(topic, [_names(topic, position, found) for position in ("yes", "no", "abstain", "")]) for topic in topics]


def _names(topic: Topic, position: str, found: Disagreements) -> str:
    return ", ".join(who for who in found.people if topic.decisions.get(who, "") == position)


def _agreement_rows(found: Disagreements) -> list[tuple[str, Any, Any]]:
    rows = []
    for who in found.people:
        met = [pair for pair in found.agreement.standing_of(who) if pair.common]
        rows.append((who, met[0] if met else None, met[-1] if met else None))
    return rows


TWINS = {"votes": _vote_rows, "dissent": _dissent_rows, "agreement": _agreement_rows}


def matrix_shown(topics: list[Topic], everything: list[Topic]) -> dict[str, Any]:
    """The vote matrix of the huddle tab."""
    matrix, rows = vote_rows(topics, everything)
    return {"matrix": matrix, "rows": rows, "data": {"people": matrix.people, "rows": [row_data(topic, strip) for topic, strip in rows]}}
