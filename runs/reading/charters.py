"""A charter as a person reads it: how the team deliberates, and who may do what."""

from dataclasses import dataclass

from runs.suggestors.charters import RIGHTS, Charter
from runs.suggestors.document import read_document
from runs.suggestors.problems import DocumentInvalid

REQUIRED = {
    "require_round_synthesis": "rounds are summed up",
    "require_dissent_map": "dissent is gathered",
    "require_done_gate": "a vote ends it",
    "require_report_owner": "somebody writes the report",
}
CADENCES = {
    "round_robin": "one after the other",
    "lead_then_round_robin": "the lead first, then one after the other",
    "moderator_then_round_robin": "one after the other, once the moderator has opened the round",
    "synthesis_only": "synthesizers only",
    "figure_it_out": "everybody at any time",
}


@dataclass(frozen=True)
class Place:
    """A member's place at the table."""

    name: str
    role: str
    contributes: bool
    votes: bool
    writes_report: bool
    seats: tuple[str, ...]


@dataclass(frozen=True)
class CharterCard:
    """How the team deliberates."""

    topology: str
    says: list[str]
    places: list[Place]


def charter_of(document: str) -> CharterCard | None:
    """The charter of a document; None without one, or where the document cannot be read any more."""
    try:
        charter = read_document(document).charter
    except DocumentInvalid:
        return None
    return None if charter is None else CharterCard(charter.topology.replace("_", " "), _says(charter), _places(charter))


def _says(charter: Charter) -> list[str]:
    terms = charter.terms
    turns = CADENCES[terms.cadence if terms.require_explicit_turns or terms.cadence == "synthesis_only" else "figure_it_out"]
    told = [f"notes: {turns}", f"members: {charter.mode.replace('_', ' ')}, at least {terms.minimum_members}"]
    told += [f"discipline: {terms.discipline}", f"a topic passes by {terms.consensus_rule.replace('_', ' ')}"]
    return told + [words for flag, words in REQUIRED.items() if getattr(terms, flag)]


def _places(charter: Charter) -> list[Place]:
    return [
        Place(name, role.replace("_", " "), rights.contributes, rights.votes, rights.writes_report, charter.seats[name])
        for name, role in charter.roles.items()
        for rights in (RIGHTS[role],)
    ]
