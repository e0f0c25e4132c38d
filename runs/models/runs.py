"""One execution of a formation."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from runs.models.formations import FormationVersion
from runs.models.lifecycle import RUN
from runs.models.tenants import Actor, Tenant


class RunStatus(models.TextChoices):
    """Where a run stands; what may follow what is `lifecycle.RUN`."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    CONVERGED = "converged"
    EXHAUSTED = "exhausted"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunQuerySet(models.QuerySet["Run"]):
    """Runs, by who looks and what for."""

    def of(self, by: Actor) -> Self:
        """The runs of the actor's tenant."""
        return self.filter(tenant_id=by.tenant_id)

    def listed(self, *, before: int | None = None) -> Self:
        """Newest first, a page after the run with that id; the formation at hand."""
        page = self.select_related("version__formation", "tenant").order_by("-id")
        return page if before is None else page.filter(id__lt=before)

    def queued(self) -> Self:
        """The runs that nobody has taken and that nothing holds back, oldest first."""
        return self.filter(status=RunStatus.QUEUED, lease_until=None).order_by("id")

    def claimable(self, now: datetime, *, longest: timedelta = timedelta(days=1)) -> Self:
        """The runs that a worker may take, oldest first: queued ones, and running ones whose worker fell silent.

        A queued one with a `lease_until` is held back until then, for the reason in its `message`. What lies more than
        `longest` from now was given while the clock was ahead, and nobody has renewed it since.
        """
        over = Q(lease_until__lt=now) | Q(lease_until__gt=now + longest) | Q(lease_until=None)
        return self.filter(over, status__in=(RunStatus.QUEUED, RunStatus.RUNNING)).order_by("id")


class Run(models.Model):
    """A run: its status, its counters and, while somebody conducts it, the lease. What happened stands in its journal."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_index=False)
    version = models.ForeignKey(FormationVersion, models.PROTECT)
    label = models.CharField(max_length=200)
    correlation_id = models.CharField(max_length=200)
    status = models.CharField(max_length=16, choices=RunStatus, default=RunStatus.QUEUED)
    stop_reason = models.TextField(blank=True, default="")
    message = models.TextField(blank=True, default="")
    criteria = models.TextField(blank=True, default="")

    head = models.BigIntegerField(default=0)
    event_count = models.BigIntegerField(default=0)
    cycle = models.IntegerField(default=0)
    cycles = models.IntegerField(default=0)
    fact_count = models.IntegerField(default=0)
    max_cycles = models.BigIntegerField(default=100)
    max_facts = models.BigIntegerField(default=10_000)
    digest = models.CharField(max_length=64, blank=True, default="")
    merkle_root = models.CharField(max_length=64, blank=True, default="")
    clock_time = models.BigIntegerField(default=0)
    tokens = models.BigIntegerField(default=0)
    cost_microdollars = models.BigIntegerField(default=0)
    engine_us = models.BigIntegerField(default=0)

    lease = models.CharField(max_length=64, null=True, default=None)
    lease_until = models.DateTimeField(null=True, default=None)
    attempt = models.IntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    pace = models.FloatField(default=0.0)

    started_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, default=None)
    finished_at = models.DateTimeField(null=True, default=None)

    objects = RunQuerySet.as_manager()

    class Meta:
        default_related_name = "runs"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RunStatus.values), name="run_status_is_known"),
            models.CheckConstraint(condition=Q(head__gte=0, event_count__gte=0, pace__gte=0), name="run_counters_are_positive"),
            models.CheckConstraint(condition=Q(lease=None) | Q(status=RunStatus.RUNNING), name="run_is_leased_only_while_running"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="run_by_tenant"),
            models.Index(fields=["tenant", "status"], name="run_by_status"),
            models.Index(fields=["status", "lease_until"], name="run_to_claim"),
            models.Index(fields=["tenant", "finished_at"], name="run_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.label} #{self.pk}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing can happen in it any more."""
        return self.status in RUN.final
