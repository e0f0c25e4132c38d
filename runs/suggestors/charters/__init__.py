"""Charters: who sits at the table in which role, who speaks when, and what a team must be like before it may begin."""

from runs.suggestors.charters.charter import Charter, CharterForm, faults_in_charter
from runs.suggestors.charters.roles import RIGHTS, Role
from runs.suggestors.charters.standard import STANDARD, Cadence, Discipline, Mode, Topology
from runs.suggestors.charters.table import Table

__all__ = [
    "RIGHTS",
    "STANDARD",
    "Cadence",
    "Charter",
    "CharterForm",
    "Discipline",
    "Mode",
    "Role",
    "Table",
    "Topology",
    "faults_in_charter",
]
