"""The huddle: rounds, notes, syntheses, votes, verdicts, dissent."""

from runs.suggestors.huddle.consensus import ConsensusEvaluator
from runs.suggestors.huddle.conventions import RoundConventions
from runs.suggestors.huddle.disagreements import DisagreementMapper
from runs.suggestors.huddle.producers import CountingProducer, JoinProducer, SynthesisFailed, SynthesisProducer
from runs.suggestors.huddle.starter import RoundStarter
from runs.suggestors.huddle.synthesizer import RoundSynthesizer

__all__ = [
    "ConsensusEvaluator",
    "CountingProducer",
    "DisagreementMapper",
    "JoinProducer",
    "RoundConventions",
    "RoundStarter",
    "RoundSynthesizer",
    "SynthesisFailed",
    "SynthesisProducer",
]
