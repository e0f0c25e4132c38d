"""Who speaks in a huddle: voters by the name in their votes, authors of notes by the name in their notes' ids."""

import re
from collections.abc import Iterable

_NOTE = re.compile(r"note:([^:]+):(?:.+:)?\+?\d+", re.ASCII)


class Speakers:
    """Tells whose note a note is.

    A note `note:WHO:…:N` is WHO's, whoever put it forward; any other one is its suggestor's. WHO is the voter of that name, or
    the one voter whose name ends in `-WHO` (`note:65:17:1` is participant-65's); if there is none, or more than one, WHO is
    somebody who did not vote.
    """

    def __init__(self, voters: Iterable[str]) -> None:
        self._voters = set(voters)
        self._ends: dict[str, list[str]] = {}
        for voter in self._voters:
            self._ends.setdefault(voter.rpartition("-")[2], []).append(voter)

    def of(self, fact_id: str, suggestor: str | None = None) -> str:
        """The speaker of a note."""
        found = _NOTE.fullmatch(fact_id)
        who = found[1] if found else suggestor or fact_id
        if who in self._voters:
            return who
        ends = self._ends.get(who, [])
        return ends[0] if len(ends) == 1 else who
