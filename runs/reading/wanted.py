"""What a list of runs is asked for: a filter as it stands in an address, and as the database is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from runs.models import Effect, Gate, GateStatus, RunStatus
from runs.reading.alarms import ALARMS, in_alarm
from runs.reading.words import STOP_CHOICES

SPANS = {"1h": timedelta(hours=1), "24h": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30)}
GATES = ("waiting", "any", "none")


def _a_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _an_amount(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 10


#: What each part of a filter may be; anything else is as if it were not there.
FITS: dict[str, Callable[[str], bool]] = {
    "status": lambda text: text in RunStatus.values,
    "formation": lambda text: 0 < len(text) <= 100,
    "label": lambda text: 0 < len(text) <= 200,
    "time": lambda text: text in SPANS,
    "since": _a_date,
    "until": _a_date,
    "ended": lambda text: text == "today",
    "reason": lambda text: text in STOP_CHOICES,
    "cost": _an_amount,
    "gates": lambda text: text in GATES,
    "effects": lambda text: text == "any",
    "alarm": lambda text: text == "any" or text in ALARMS,
    "q": lambda text: 0 < len(text) <= 200,
}


@dataclass(frozen=True)
class RunFilter:
    """What is wanted; a part that is empty wants nothing."""

    status: str = ""
    formation: str = ""
    label: str = ""
    time: str = ""
    since: str = ""
    until: str = ""
    ended: str = ""
    reason: str = ""
    cost: str = ""
    gates: str = ""
    effects: str = ""
    alarm: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        """The filter that an address asks for, without what makes no sense."""
        given = {field.name: asked.get(field.name, "").replace("\x00", "").strip() for field in fields(cls)}
        return cls(**{name: text for name, text in given.items() if text and FITS[name](text)})

    @property
    def chosen(self) -> dict[str, str]:
        """The parts that want something."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    @property
    def query(self) -> str:
        """The filter as it stands in an address."""
        return urlencode(self.chosen)

    @property
    def more(self) -> int:
        """How many parts want something besides text and status."""
        return len(self.chosen.keys() - {"q", "status"})

    def narrow(self, runs: Any, now: datetime | None = None) -> Any:
        """Those of the runs that are wanted."""
        for name, text in self.chosen.items():
            runs = runs.filter(_CONDITIONS[name](text, now or timezone.now()))
        return runs


def start_of(day: date) -> datetime:
    """The first moment of a day, in the zone of the installation."""
    return timezone.make_aware(datetime.combine(day, time.min))


def today(now: datetime) -> datetime:
    """The first moment of the day."""
    return start_of(timezone.localtime(now).date())


def _after(text: str, _: datetime) -> Q:
    return Q(created_at__gte=start_of(date.fromisoformat(text)))


def _before(text: str, _: datetime) -> Q:
    last = date.fromisoformat(text)
    return Q(created_at__lt=start_of(last + timedelta(days=1))) if last < date.max else Q()


def _gates(text: str, _: datetime) -> Q:
    gates = Gate.objects.filter(run=OuterRef("pk"))
    waiting = gates.filter(status=GateStatus.PENDING)
    return ~Q(Exists(gates)) if text == "none" else Q(Exists(waiting if text == "waiting" else gates))


_CONDITIONS: dict[str, Callable[[str, datetime], Q]] = {
    "status": lambda text, _: Q(status=text),
    "formation": lambda text, _: Q(version__formation__slug=text),
    "label": lambda text, _: Q(label__icontains=text),
    "time": lambda text, now: Q(created_at__gte=now - SPANS[text]),
    "since": _after,
    "until": _before,
    "ended": lambda _, now: Q(finished_at__gte=today(now)),
    "reason": lambda text, _: Q(stop_reason=f'"{text}"') | Q(stop_reason__startswith=f'{{"{text}"'),
    "cost": lambda text, _: Q(cost_microdollars__gte=int(float(text) * 1_000_000)),
    "gates": _gates,
    "effects": lambda *_: Q(Exists(Effect.objects.filter(run=OuterRef("pk")))),
    "alarm": in_alarm,
    "q": lambda text, _: Q(label__icontains=text) | Q(version__formation__label__icontains=text) | Q(uuid__startswith=text),
}
