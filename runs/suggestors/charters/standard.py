"""The four ways in which a team may deliberate, and what each of them asks for unless a document says otherwise."""

from typing import Literal

import msgspec

from runs.engine import ConsensusRule
from runs.suggestors.charters.roles import Role

Topology = Literal["huddle", "discussion_group", "panel", "self_organizing"]
Mode = Literal["curated", "capability_matched", "self_selected", "open_call"]
Discipline = Literal["enforced", "moderated", "loose"]
Cadence = Literal["round_robin", "lead_then_round_robin", "moderator_then_round_robin", "synthesis_only", "figure_it_out"]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a charter asks for."""

    formation_mode: Mode
    discipline: Discipline
    cadence: Cadence
    consensus_rule: ConsensusRule
    minimum_members: int
    expected_roles: tuple[Role, ...]
    require_explicit_turns: bool = True
    require_round_synthesis: bool = True
    require_dissent_map: bool = True
    require_done_gate: bool = True
    require_report_owner: bool = True


STANDARD: dict[Topology, Terms] = {
    "huddle": Terms(
        formation_mode="capability_matched",
        discipline="enforced",
        cadence="round_robin",
        consensus_rule=ConsensusRule.MAJORITY,
        minimum_members=3,
        expected_roles=(Role.LEAD, Role.DOMAIN, Role.CRITIC, Role.SYNTHESIZER),
    ),
    "discussion_group": Terms(
        formation_mode="capability_matched",
        discipline="moderated",
        cadence="moderator_then_round_robin",
        consensus_rule=ConsensusRule.ADVISORY_ONLY,
        minimum_members=3,
        expected_roles=(Role.MODERATOR, Role.DOMAIN, Role.GENERALIST),
        require_dissent_map=False,
        require_done_gate=False,
    ),
    "panel": Terms(
        formation_mode="curated",
        discipline="enforced",
        cadence="lead_then_round_robin",
        consensus_rule=ConsensusRule.MAJORITY,
        minimum_members=3,
        expected_roles=(Role.LEAD, Role.DOMAIN, Role.CRITIC),
    ),
    "self_organizing": Terms(
        formation_mode="open_call",
        discipline="loose",
        cadence="figure_it_out",
        consensus_rule=ConsensusRule.ADVISORY_ONLY,
        minimum_members=1,
        expected_roles=(Role.GENERALIST,),
        require_explicit_turns=False,
        require_dissent_map=False,
    ),
}
