"""The charter of a document: how it is written, and what is wrong with a team that does not keep to it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.engine import ConsensusRule
from runs.suggestors.charters.roles import RIGHTS, Role
from runs.suggestors.charters.standard import STANDARD, Cadence, Discipline, Mode, Terms, Topology
from runs.suggestors.forms import LARGEST, Name
from runs.suggestors.problems import Problem, field_at, item_at


class MemberForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member that speaks from other seats than the one of its own name."""

    role: Annotated[Role, Meta(description="What the member is at the table.")]
    seats: Annotated[list[Name], Meta(min_length=1, description="The seats from which the member speaks and votes.")]


class CharterForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who sits at the table in which role, and how they deliberate. What is left out is as the topology has it."""

    topology: Annotated[Topology, Meta(description="How the team deliberates.")]
    members: Annotated[dict[Name, Role | MemberForm], Meta(description="Members in order of speaking: a seat's name and its role.")]
    mode: Annotated[Mode | UnsetType, Meta(description="How these members were found; without it, as the charter wants.")] = UNSET
    formation_mode: Annotated[Mode | UnsetType, Meta(description="How members are to be found.")] = UNSET
    discipline: Annotated[Discipline | UnsetType, Meta(description="How strictly it is kept.")] = UNSET
    cadence: Annotated[Cadence | UnsetType, Meta(description="Who may add a note when.")] = UNSET
    consensus_rule: Annotated[ConsensusRule | UnsetType, Meta(description="When a topic passes.")] = UNSET
    minimum_members: Annotated[Annotated[int, Meta(ge=0, le=LARGEST)] | UnsetType, Meta(description="Fewest members.")] = UNSET
    expected_roles: Annotated[list[Role] | UnsetType, Meta(description="Roles of which each needs a member.")] = UNSET
    require_explicit_turns: Annotated[bool | UnsetType, Meta(description="Whether the cadence is held to.")] = UNSET
    require_round_synthesis: Annotated[bool | UnsetType, Meta(description="Whether rounds are to be summed up.")] = UNSET
    require_dissent_map: Annotated[bool | UnsetType, Meta(description="Whether dissent is to be gathered.")] = UNSET
    require_done_gate: Annotated[bool | UnsetType, Meta(description="Whether a vote is to end it, which needs voters.")] = UNSET
    require_report_owner: Annotated[bool | UnsetType, Meta(description="Whether somebody must be able to write the report.")] = UNSET


class Charter(msgspec.Struct, frozen=True):
    """A charter with everything said: its terms, how the team was found, and who sits where."""

    topology: Topology
    terms: Terms
    mode: Mode
    roles: Mapping[str, Role]
    seats: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, form: CharterForm) -> "Charter":
        """Fill in from the topology what the document leaves out."""
        standard = STANDARD[form.topology]
        said = {name: value for name in standard.__struct_fields__ if (value := getattr(form, name)) is not UNSET}
        terms = msgspec.convert(msgspec.to_builtins(standard) | msgspec.to_builtins(said), Terms)
        roles = {name: member if isinstance(member, Role) else member.role for name, member in form.members.items()}
        seats = {name: (name,) if isinstance(member, Role) else tuple(member.seats) for name, member in form.members.items()}
        return cls(form.topology, terms, terms.formation_mode if isinstance(form.mode, UnsetType) else form.mode, roles, seats)

    @property
    def voters(self) -> list[str]:
        """The members who vote."""
        return [name for name, role in self.roles.items() if RIGHTS[role].votes]

    @property
    def contributors(self) -> list[str]:
        """The members who write notes."""
        return [name for name, role in self.roles.items() if RIGHTS[role].contributes]

    @property
    def report_owner(self) -> str | None:
        """Who writes the report: the first member who may."""
        return next((name for name, role in self.roles.items() if RIGHTS[role].writes_report), None)


def faults_in_charter(charter: Charter, names: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the team, the most telling first, each with its path; `names` are those of all seats."""
    yield from _faults_in_team(charter)
    yield from _faults_in_seats(charter, names)


def _faults_in_team(charter: Charter) -> Iterator[Problem]:
    terms, members, kind = charter.terms, "charter.members", charter.topology.replace("_", " ")
    if len(charter.roles) < terms.minimum_members:
        yield members, f"too few members: a {kind} needs at least {terms.minimum_members}, not {len(charter.roles)}"
    if terms.discipline == "enforced" and charter.mode != terms.formation_mode:
        yield "charter.mode", f"the members of this {kind} must be {_words(terms.formation_mode)}, not {_words(charter.mode)}"
    for role in dict.fromkeys(terms.expected_roles):
        if role not in charter.roles.values():
            yield members, f"a role is missing: nobody is {_words(role)}"
    if terms.require_done_gate and not charter.voters:
        yield members, "no voters: nobody has a role that may vote, so nothing could be decided"
    if terms.require_report_owner and charter.report_owner is None:
        yield members, "no report owner: nobody has a role that may write the report"


def _faults_in_seats(charter: Charter, names: Collection[str]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for member, seats in charter.seats.items():
        path = field_at("charter.members", member)
        for index, seat in enumerate(seats):
            where = path if seats == (member,) else item_at(f"{path}.seats", index)
            if seat not in names:
                yield where, f"no seat is named '{seat}'"
            elif taken.setdefault(seat, member) != member:
                yield where, f"the seat '{seat}' is taken by {taken[seat]}"


def _words(name: str) -> str:
    return name.replace("_", " ")
