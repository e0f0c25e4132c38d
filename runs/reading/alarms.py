"""What should worry somebody: budgets nearly spent, runs that nobody carries on, runs that came out otherwise a second time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from runs.models import RUN, Actor, Run, RunStatus, Verdict, Verification

#: A run that is queued for longer than this waits for a worker that does not come.
PATIENCE = timedelta(minutes=2)
MOST = 100


def budget_nearly_spent() -> Q:
    """Runs that go on with less than a tenth of their cycles or facts left."""
    tight = Q(cycle__gte=F("max_cycles") * 9 / 10) | Q(fact_count__gte=F("max_facts") * 9 / 10)
    return Q(tight, status__in=RUN.open)


def stalled(now: datetime) -> Q:
    """Runs whose worker fell silent, that nobody takes, or that are held back."""
    silent = Q(status=RunStatus.RUNNING) & (Q(lease_until__lt=now) | Q(lease_until=None))
    untaken = Q(status=RunStatus.QUEUED) & (Q(created_at__lt=now - PATIENCE, lease_until=None) | ~Q(message=""))
    return silent | untaken


def diverged() -> Q:
    """Runs whose last verification with a result came out otherwise."""
    said = Verification.objects.filter(run=OuterRef("run"), verdict=Verdict.VERIFIED, pk__gt=OuterRef("pk"))
    last = Verification.objects.filter(~Exists(said), run=OuterRef("pk"), verdict=Verdict.DIVERGED)
    return Q(Exists(last))


#: What worries, by its name in addresses.
ALARMS: dict[str, Callable[[datetime], Q]] = {
    "budget": lambda _: budget_nearly_spent(),
    "stalled": stalled,
    "diverged": lambda _: diverged(),
}


def in_alarm(name: str, now: datetime) -> Q:
    """The condition of one alarm, or of `any`."""
    if name != "any":
        return ALARMS[name](now)
    return ALARMS["budget"](now) | ALARMS["stalled"](now) | ALARMS["diverged"](now)


def alarmed(by: Actor, name: str, now: datetime | None = None) -> list[Run]:
    """The runs of the tenant with that alarm, newest first."""
    runs = Run.objects.of(by).listed().defer("version__document")
    return list(runs.filter(in_alarm(name, now or timezone.now()))[:MOST])
