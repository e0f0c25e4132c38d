"""Conducting a run that we hold: from wherever it stands to its end, to its gates, or until we are told to stop."""

import threading
import time
from collections.abc import Generator
from functools import partial
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from runs.engine import Border, CycleMerged, EffectsWanted, Finished, GatesOpen, State, StopReason, converge, ending
from runs.engine.errors import ConvergeError
from runs.engine.wire import storable
from runs.journal.hiding import sealed_away
from runs.journal.restoring import JournalDamaged
from runs.journal.verdicts import locked, record_cancellation
from runs.models import Run, RunStatus
from runs.runner.claim import wants_cancel
from runs.runner.heartbeat import Heartbeat
from runs.runner.providers import Providers, providers_of
from runs.runner.reach import Reach
from runs.runner.recover import Document, recover
from runs.runner.rounds import BrokenOff, Halt
from runs.runner.stopwatch import Stopwatch
from runs.runner.writer import PERIOD, Writer

log = structlog.get_logger(__name__)

#: While a run is paced, how often a wish to cancel or stop is looked for.
GLANCE = 0.1


def conduct(run: Run, document: Document, *, providers: Providers | None = None, stop: threading.Event | None = None) -> None:
    """Carry the run on. When it returns, the run is finished, waits for humans, or (after `stop`) is queued again.

    A run whose answers are sealed by a key that is not here, or whose journal is damaged, is held back: it is queued, with
    the reason in its `message`.

    It reaches whom document and tenant provide, or only `providers` where they are given.

    Raises `LeaseLost` when the run was taken from us; then nothing of what was not yet committed has happened.
    """
    with Heartbeat(run):
        _Conductor(run, document, providers, stop or threading.Event()).go()


def abandon(run: Run, message: str) -> None:
    """End a run that we hold and cannot even begin: it fails, with the reason in words."""
    _close(Writer(run), run, StopReason.of("Error", message=storable(message), category="Configuration"))


class _Conductor:
    """One attempt at one run."""

    def __init__(self, run: Run, document: Document, providers: Providers | None, stop: threading.Event) -> None:
        self.run, self.document, self.stop = run, document, stop
        self.writer = Writer(run)
        reachable = partial(providers_of, run, document) if providers is None else lambda: providers
        self.reach = Reach(run, self.writer, reachable, document.gates, self._halted)
        self.watch = Stopwatch()
        self.looked_at = 0.0

    def go(self) -> None:
        try:
            state = recover(self.run, self.document)
        except ConvergeError as error:
            _close(self.writer, self.run, error.stop_reason, error)
            return
        except JournalDamaged as error:
            self._hold_back(f"{error}. Bring back what was written; the run goes on then")
            return
        if self.run.head and state.parked is None and (why := sealed_away(self.run, state.cycle + 1)) is not None:
            self._hold_back(why)
            return
        loop, answer = self._begin(state), None
        going = True
        while going:
            border = self._next(loop, answer, state)
            self.writer.add(border.rows)
            try:
                going, answer = self._meet(border)
            except BrokenOff as broken:
                going = False
                self._leave(broken, state)
        loop.close()

    def _hold_back(self, why: str) -> None:
        """Keep a run that cannot go on here, with nothing written and nobody asked again: people can mend what is wrong."""
        log.error("run-held-back", run=self.run.pk, why=why)
        self.writer.hold_back(why)

    def _begin(self, state: State) -> Generator[Border, Any, None]:
        document, run = self.document, self.run
        return converge(
            document.team(),
            state,
            budget=document.budget,
            gates=document.gates,
            criteria=document.criteria,
            lap=self.watch.lap,
            cancelled=lambda: run.cancel_requested,
            correlation=run.correlation_id,
            attempt=run.attempt,
        )

    def _next(self, loop: Generator[Border, Any, None], answer: Any, state: State) -> Border:
        """Run the engine to its next border. What it cannot meet is its own fault, and ends the run in words."""
        try:
            with self.watch:
                return loop.send(answer)
        except Exception as error:  # noqa: BLE001
            message = storable(f"{type(error).__name__}: {error}")
            stop = StopReason.of("Error", message=message, category="Internal")
            return Finished(*ending(state, stop, None, self.run.correlation_id, self.run.attempt))

    def _meet(self, border: Border) -> tuple[bool, Any]:
        """Do what the border asks for; return whether to go on, and the answer."""
        match border:
            case CycleMerged():
                return self._after_merge(), None
            case EffectsWanted():
                self.writer.flush()
                results = self.reach.answer(border.requests)
                if results is not None:
                    return True, results
                self._wait()
            case GatesOpen():
                self._wait()
            case Finished():
                self.writer.flush()
        return False, None

    def _leave(self, broken: BrokenOff, state: State) -> None:
        """Effects were broken off in the middle of a cycle, which comes to nothing: the run ends, or is begun from its head again."""
        if broken.halt is Halt.CANCEL:
            rows, _ = ending(state, StopReason.of("UserCancelled"), None, self.run.correlation_id, self.run.attempt)
            self.writer.add(rows)
            self.writer.flush()
        else:
            self.writer.let_go(RunStatus.QUEUED)

    def _halted(self) -> Halt | None:
        """Asked now and then while effects are under way."""
        self._look()
        if self.run.cancel_requested:
            return Halt.CANCEL
        return Halt.STOP if self.stop.is_set() else None

    def _wait(self) -> None:
        """Let people decide; a run that somebody cancelled before it began to wait ends here, nobody need decide."""
        self.writer.let_go(RunStatus.WAITING)
        if self.run.cancel_requested:
            with transaction.atomic():
                run = locked(self.run.pk)
                if run.status == RunStatus.WAITING:
                    record_cancellation(run)
                    self.run.status = run.status

    def _after_merge(self) -> bool:
        if self.run.pace or self.writer.is_due:
            self.writer.flush()
        self._pause()
        if self.stop.is_set():
            self.writer.let_go(RunStatus.QUEUED)
            return False
        return True

    def _pause(self) -> None:
        """Wait between cycles where people want to watch, but not for whoever wants to cancel or stop."""
        until = time.monotonic() + self.run.pace
        while (left := until - time.monotonic()) > 0 and not self.run.cancel_requested:
            if self.stop.wait(min(left, GLANCE)):
                return
            self._look()

    def _look(self) -> None:
        """Ask the database, not too often, whether somebody wants the run to be cancelled; every flush asks that, too.

        One that is away for a moment costs nothing: it is asked again at the next look.
        """
        if self.run.cancel_requested or time.monotonic() - self.looked_at < PERIOD:
            return
        self.looked_at = time.monotonic()
        try:
            self.run.cancel_requested = wants_cancel(self.run)
        except (OperationalError, InterfaceError):
            connection.close()


def _close(writer: Writer, run: Run, reason: StopReason, error: ConvergeError | None = None) -> None:
    """End a run where its journal stands."""
    rows, _ = ending(State.fresh(), reason, error, run.correlation_id, run.attempt)
    writer.add(rows)
    writer.flush()
