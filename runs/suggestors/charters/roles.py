"""The roles of a team, and what each of them may do."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a member is at the table."""

    LEAD = "lead"
    DOMAIN = "domain"
    CRITIC = "critic"
    SYNTHESIZER = "synthesizer"
    JUDGE = "judge"
    REPORT_WRITER = "report_writer"
    MODERATOR = "moderator"
    GENERALIST = "generalist"
    OBSERVER = "observer"


class Rights(msgspec.Struct, frozen=True):
    """What a role may do."""

    contributes: bool = False
    votes: bool = False
    writes_report: bool = False


RIGHTS: dict[Role, Rights] = {
    Role.LEAD: Rights(contributes=True, votes=True, writes_report=True),
    Role.DOMAIN: Rights(contributes=True, votes=True),
    Role.CRITIC: Rights(contributes=True, votes=True),
    Role.SYNTHESIZER: Rights(contributes=True, writes_report=True),
    Role.JUDGE: Rights(votes=True),
    Role.REPORT_WRITER: Rights(writes_report=True),
    Role.MODERATOR: Rights(),
    Role.GENERALIST: Rights(contributes=True, votes=True, writes_report=True),
    Role.OBSERVER: Rights(),
}
