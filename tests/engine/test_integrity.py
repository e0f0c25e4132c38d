"""Hashes, Merkle roots and proofs, against vectors that the original printed."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.engine import Payload, State
from runs.engine.integrity import (
    GENESIS,
    ContentHash,
    LamportClock,
    chain_digest,
    fact_hash,
    inclusion_proof,
    merkle_root,
    proves,
)
from tests.engine.teams import HYPOTHESES, SEEDS, SIGNALS, STRATEGIES, drive, text
from tests.engine.test_facts import fact

leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


def hashes(letters):
    return [sha256(letter.encode()).digest() for letter in letters]


@pytest.mark.parametrize(
    ("letters", "root"),
    [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("a", "251a262291b87cb3c93a6ed71865da1f2c090c3d0196661a8f4a705b65836f71"),
        ("ab", "e5a01fee14e0ed5c48714f22180f25ad8365b53f9779f79dc4a3d7e93963f94a"),
        ("abc", "d31a37ef6ac14a2db1470c4316beb5592e6afd4465022339adafda76a18ffabe"),
        ("abcab", "776805a3be2b6b66b5b7c0347d3a7e5b37dbce400c9ba6840d841dd7c12e9e0a"),
    ],
)
def test_merkle_roots_are_those_of_the_original(letters, root):
    assert merkle_root(hashes(letters)).hex() == root


@pytest.mark.parametrize(
    ("seeds", "root"),
    [
        ([text(SEEDS, "seed-1", "initial")], "d717e5f05973c0d77342c25dd8812b2f279c511829730bece5521cc0df14e8c5"),
        ([text(SEEDS, "a", "x"), text(SEEDS, "b", "y")], "80baec8253bdbe0101c5510e75de3b239436b15c37b917b481b0edbc0a703a33"),
        ([text(SIGNALS, "dup", "b"), text(SEEDS, "dup", "a")], "41f5f53b89a854da7d105147ed42164942fc2192e497054bdcce427e20fbd079"),
        ([text(STRATEGIES, "st", "y"), text(HYPOTHESES, "h", "x"), text(SEEDS, "s1", "v"), text(SEEDS, "s2", "v")],
         "070f24bf5c587e16dd29e71f07b7385580b2033374644ead562bb8688016bc38"),
    ],
)  # fmt: skip
def test_the_root_of_a_context_is_that_of_the_original_in_whatever_order_its_keys_came(seeds, root):
    assert drive([], seeds).result.integrity.merkle_root == root


def test_the_hash_of_a_fact_covers_key_id_and_inner_payload():
    payload = Payload.of("converge.governance.vote", {"topic": "t", "voter": "v", "decision": "yes"})
    vote = fact(key="Votes", id="", payload=payload)
    assert fact_hash(vote).hex() == "1efca5d0863c0c43187a8804cea3f7e03ffb572a5e92d91cd8b15c56879b2655"
    same = fact(key="Votes", id="", payload=Payload("other", 7, payload.json), subject="a://b/c", stamp=9, provenance="q", confidence=0.1)
    assert fact_hash(same) == fact_hash(vote)


@given(leaves, st.data())
def test_every_leaf_can_be_proven(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root = inclusion_proof(leaves, index), merkle_root(leaves)
    assert proves(leaves[index], path, root)
    assert not proves(sha256(leaves[index]).digest(), path, root)
    assert len(path) == max(1, (len(leaves) - 1).bit_length())


@pytest.mark.parametrize(("count", "index"), [(0, 0), (3, 3), (3, -1)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(count, index):
    with pytest.raises(IndexError, match=f"no leaf {index} among {count}"):
        inclusion_proof(hashes("abc"[:count]), index)


def test_the_clock_ticks_and_follows():
    clock = LamportClock()
    assert [clock.tick(), clock.tick(), clock.update(7), clock.update(3), clock.tick()] == [1, 2, 8, 9, 10]


def test_a_content_hash_is_shown_short_and_written_long():
    whole = ContentHash.compute("a")
    assert str(whole) == whole.to_hex()[:16] == sha256(b"a").hexdigest()[:16]
    assert ContentHash.from_hex(whole.to_hex().upper()) == whole
    assert whole.verify("a")
    assert not whole.verify("b")
    assert ContentHash.combine(whole, whole).digest == merkle_root([whole.digest])


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("ab", "invalid string length (expected 64 hex chars)"),
        ("g" * 64, "invalid hexadecimal character"),
        (" " * 64, "invalid hexadecimal character"),
        ("ab " * 21 + "a", "invalid hexadecimal character"),
    ],
)
def test_what_is_no_hash_is_refused(written, words):
    with pytest.raises(ValueError, match="invalid") as refused:
        ContentHash.from_hex(written)
    assert str(refused.value) == words


def test_the_digest_of_a_cycle_is_chained_to_the_one_before():
    first = chain_digest(GENESIS, 0, ["a", "b"])
    assert first == sha256(f"{GENESIS}\n0\na\nb".encode()).hexdigest()
    assert len({first, chain_digest(GENESIS, 1, ["a", "b"]), chain_digest(first, 0, ["a", "b"]), chain_digest(GENESIS, 0, ["b", "a"])}) == 4


def test_nothing_at_all_has_a_proof_too():
    proof = State.fresh().proof()
    assert (proof.merkle_root, proof.clock_time, proof.fact_count) == (sha256(b"").hexdigest(), 0, 0)
