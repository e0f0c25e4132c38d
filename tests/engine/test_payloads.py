"""Which payloads their families take, and the words in which the others are refused."""

import pytest

from runs.engine import Payload, PayloadError, PayloadRegistry
from runs.engine.payloads import WHITE_SPACE, is_blank

STANDARD = PayloadRegistry.standard()
IDENTITY = {
    "subject_key": "Strategies",
    "subject_id": "s",
    "subject_family": "f",
    "subject_version": 1,
    "identity": {
        "producer": {"name": "n", "version": "1"},
        "backend": "b",
        "backend_version": "1",
        "build_identity": "i",
        "runtime_config": "{}",
        "native_identity": {
            "backend": "b", "version": "1", "source_url": "u", "expected_commit": "c", "actual_commit": "c", "source_mode": "m",
        },
    },
}  # fmt: skip
OUTCOME = {"topic": "t", "rule": "majority", "yesVotes": 2, "noVotes": 1, "abstainVotes": 0, "totalVoters": 3, "passes": True}


def refused(family, value, registry=STANDARD):
    with pytest.raises(PayloadError) as error:
        registry.check(Payload.of(family, value))
    return str(error.value)


def changed(value, path, new):
    """`value` with another leaf at `path`."""
    head, *rest = path.split(".", 1)
    return value | {head: changed(value[head], rest[0], new) if rest else new}


@pytest.mark.parametrize(
    ("words", "blank"),
    [(words, True) for words in ("", WHITE_SPACE, "\u00a0\u2003")]
    + [(words, False) for words in ("\x1c", "\x1c\x1d\x1e\x1f", "\u200b", " a ", "\ufeff", "\u180e", "\0")],
)
def test_blank_is_what_unicode_white_space_leaves_nothing_of(words, blank):
    assert is_blank(words) is blank


def test_white_space_is_the_unicode_property():
    strips = {chr(code) for code in range(0x110000) if chr(code).isspace()}
    assert set(WHITE_SPACE) == strips - set("\x1c\x1d\x1e\x1f")


@pytest.mark.parametrize(
    ("family", "value"),
    [
        ("converge.text", {"text": ""}),
        ("converge.diagnostic", {"source": "", "message": ""}),
        ("converge.execution_identity.evidence", IDENTITY),
        ("converge.execution_identity.evidence", changed(IDENTITY, "identity.native_identity", None)),
        ("converge.governance.vote", {"topic": "", "voter": "", "decision": "abstain", "reason": None, "more": 1}),
        ("converge.governance.disagreement", {"topic": "t", "dissenter": "d", "reason": "", "more": 1}),
        ("converge.governance.consensus_outcome", OUTCOME | {"more": 1}),
    ],
)
def test_each_family_takes_its_own(family, value):
    assert STANDARD.check(Payload.of(family, value)) is not None


@pytest.mark.parametrize(
    ("family", "value"),
    [
        ("converge.text", {"text": "x", "more": 1}),
        ("converge.text", {"text": 1}),
        ("converge.text", {}),
        ("converge.text", "x"),
        ("converge.diagnostic", {"source": "s", "message": "m", "more": 1}),
        ("converge.governance.vote", {"topic": "t", "voter": "v", "decision": "maybe"}),
        ("converge.governance.vote", {"topic": "t", "voter": "v"}),
        ("converge.governance.disagreement", {"topic": "t", "dissenter": "d"}),
        ("converge.governance.consensus_outcome", OUTCOME | {"noVotes": -1}),
        ("converge.governance.consensus_outcome", OUTCOME | {"rule": "Majority"}),
    ],
)
def test_what_does_not_decode_is_refused_in_the_words_of_the_original(family, value):
    assert refused(family, value).startswith(f"failed to deserialize payload {family} v1: ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"passes": False}, "serialized consensus outcome pass flag mismatch: expected true, got false"),
        ({"yesVotes": 1}, "serialized consensus outcome pass flag mismatch: expected false, got true"),
        ({"totalVoters": 0}, "eligible voters must be greater than zero"),
        ({"totalVoters": 2}, "tallied votes (3) exceed eligible voters (2)"),
    ],
)
def test_a_verdict_that_its_numbers_do_not_support_does_not_decode(change, words):
    family = "converge.governance.consensus_outcome"
    assert refused(family, OUTCOME | change) == f"failed to deserialize payload {family} v1: {words}"


@pytest.mark.parametrize(
    "field",
    ["subject_id", "producer.name", "producer.version", "backend", "backend_version", "build_identity", "runtime_config"]
    + [f"native_identity.{name}" for name in IDENTITY["identity"]["native_identity"]],
)
def test_evidence_names_its_first_blank_field(field):
    path = field if field == "subject_id" else f"identity.{field}"
    words = f"invalid payload for converge.execution_identity.evidence v1: {field} must not be empty"
    assert refused("converge.execution_identity.evidence", changed(IDENTITY, path, " \u00a0")) == words


def test_a_family_that_nobody_registered_stays_opaque():
    opaque = Payload.of("acme.thing", [1])
    assert STANDARD.check(opaque) is None
    with pytest.raises(PayloadError, match=r"unknown payload family/version: acme\.thing v1"):
        STANDARD.read(opaque)


def test_another_version_is_another_family():
    assert STANDARD.check(Payload.of("converge.text", {"anything": 1}, version=2)) is None


def test_registering_again_overwrites_and_brings_its_own_check():
    registry = PayloadRegistry.standard()

    def never(value):
        raise ValueError("never")

    registry.register("converge.text", 1, dict, never)
    assert refused("converge.text", {"x": 1}, registry) == "invalid payload for converge.text v1: never"
    assert STANDARD.read(Payload.text_of("x")).text == "x"
