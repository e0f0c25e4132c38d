"""The tables: fields, constraints, querysets. No workflow lives here."""

from runs.models.approvers import count_approvers, shortage
from runs.models.audit import AuditEntry
from runs.models.drafts import Draft, DraftStep
from runs.models.effects import Effect, EffectPhase
from runs.models.envelopes import Envelope
from runs.models.facts import Activity, Cycle, Fact, Rejection
from runs.models.formations import Formation, FormationVersion
from runs.models.gates import Gate, GateKind, GateStatus, GateVote
from runs.models.huddles import ConsensusOutcome, Disagreement, Round, Vote
from runs.models.immutable import Immutable
from runs.models.invitations import Invitation
from runs.models.learning import Beginning, Episode, Prior
from runs.models.lifecycle import EFFECT, GATE, RUN, VERIFICATION, Lifecycle, TransitionRefused
from runs.models.providers import Provider, ProviderCall
from runs.models.roles import DEEDS, Deed, Role, deeds_of, roles_table
from runs.models.runs import Run, RunStatus
from runs.models.saved import SavedView
from runs.models.sealing import CannotUnseal
from runs.models.tenants import Actor, Console, Membership, Tenant, User
from runs.models.tokens import Token
from runs.models.tournaments import Entrant, Tournament
from runs.models.verifications import Verdict, Verification

__all__ = [
    "DEEDS",
    "EFFECT",
    "GATE",
    "RUN",
    "VERIFICATION",
    "Activity",
    "Actor",
    "AuditEntry",
    "Beginning",
    "CannotUnseal",
    "ConsensusOutcome",
    "Console",
    "Cycle",
    "Deed",
    "Disagreement",
    "Draft",
    "DraftStep",
    "Effect",
    "EffectPhase",
    "Entrant",
    "Envelope",
    "Episode",
    "Fact",
    "Formation",
    "FormationVersion",
    "Gate",
    "GateKind",
    "GateStatus",
    "GateVote",
    "Immutable",
    "Invitation",
    "Lifecycle",
    "Membership",
    "Prior",
    "Provider",
    "ProviderCall",
    "Rejection",
    "Role",
    "Round",
    "Run",
    "RunStatus",
    "SavedView",
    "Tenant",
    "Token",
    "Tournament",
    "TransitionRefused",
    "User",
    "Verdict",
    "Verification",
    "Vote",
    "count_approvers",
    "deeds_of",
    "roles_table",
    "shortage",
]
