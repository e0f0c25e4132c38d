"""No order in a run comes from a set of strings."""

import os
import subprocess
import sys

from tests.server import ROOT

PROGRAM = """
from runs.engine import *
from runs.suggestors import Formation, document_schema, kinds
from runs.suggestors.huddle import JoinProducer
from tests.suggestors.teams import dissent, note, vote
formation = Formation("f").with_round_starter(2).with_round_synthesizer(2, JoinProducer()).with_disagreement_mapper()
for who in ("ada", "bob"):
    formation.agent(note(who, 1))
formation.with_consensus_evaluator("majority", 1)
for number in range(20):
    one, other = vote(f"topic {number}", "ada"), dissent(f"topic {number}", "ada")
    formation.seed_payload(one.key, one.id, one.payload, "p").seed_payload(other.key, other.id, other.payload, "p")
print(formation.run().digest, list(kinds()), document_schema())
"""


def said_under(seed: str) -> str:
    command = [sys.executable, "-c", PROGRAM]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def test_two_hash_seeds_give_the_same_digest_catalogue_and_schema():
    assert said_under("1") == said_under("4242")
