"""The swarm: simulators of five dimensions of each plan, and the recommendation that they amount to."""

from runs.suggestors.simulators.causal import CausalSimulation, CausalSimulationParams
from runs.suggestors.simulators.cost import CostSimulation, CostSimulationParams
from runs.suggestors.simulators.draws import Method, NeedsNumPy
from runs.suggestors.simulators.operational import OperationalSimulation, OperationalSimulationParams
from runs.suggestors.simulators.outcome import OutcomeSimulation, OutcomeSimulationParams
from runs.suggestors.simulators.policy import PolicySimulation, PolicySimulationParams
from runs.suggestors.simulators.recommendation import SwarmRecommendation
from runs.suggestors.simulators.results import DimensionResult, Sample, SimulationRecommendation

__all__ = [
    "CausalSimulation",
    "CausalSimulationParams",
    "CostSimulation",
    "CostSimulationParams",
    "DimensionResult",
    "Method",
    "NeedsNumPy",
    "OperationalSimulation",
    "OperationalSimulationParams",
    "OutcomeSimulation",
    "OutcomeSimulationParams",
    "PolicySimulation",
    "PolicySimulationParams",
    "Sample",
    "SimulationRecommendation",
    "SwarmRecommendation",
]
