"""What was said at gates, which no execution brings forth again: held against what was asked, and against the votes beside the journal."""

from collections.abc import Iterator
from typing import Any

from runs.engine.wire import decode
from runs.models import GateVote, Run

KINDS = ("GateRequested", "GateVoted", "GateExpired")


class Voices:
    """The gates of a run, as the journal goes on; what does not agree is given back as both sides, recorded and expected."""

    def __init__(self, run: Run) -> None:
        names = ("seq", "gate_id", "round", "verdict", "by", "reason", "edit")
        self._beside = {row["seq"]: row for row in GateVote.objects.filter(run=run, seq__lte=run.head).values(*names)}
        self._rounds: dict[str, int] = {}
        self._seconds: dict[str, int] = {}

    def take(self, seq: int, kind: str, body: str) -> tuple[Any, Any] | None:
        """Hold one row against the others."""
        data = decode(body)["event"]["data"]
        if kind == "GateRequested":
            request = data["request"]
            self._rounds[request["gate_id"]], self._seconds[request["gate_id"]] = 0, request["timeout"]["timeout_secs"]
            return None
        expected = dict(self._said(seq, data) if kind == "GateVoted" else self._expired(data))
        told = {name: data.get(name) for name in expected}
        return None if told == expected else (told, expected)

    def left(self) -> list[int]:
        """Votes that stand beside the journal and not in it, by their places."""
        return sorted(self._beside)

    def _said(self, seq: int, data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        vote = self._beside.pop(seq, {})
        gate = data["gate_id"]
        if data["verdict"] == "edit":
            self._rounds[gate] = self._rounds.get(gate, 0) + 1
        yield "round", self._rounds.get(gate)
        yield from ((name, vote.get(name)) for name in ("gate_id", "verdict", "by", "reason"))
        yield "edit", decode(vote["edit"]) if vote.get("edit") else None

    def _expired(self, data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        gate = data["gate_id"]
        if data["action"] == "escalate":
            self._rounds[gate] = self._rounds.get(gate, 0) + 1
        yield "round", self._rounds.get(gate)
        yield "timeout_secs", self._seconds.get(gate)
