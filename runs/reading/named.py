"""Finding what a person names."""

import re

from runs.models import Actor, Formation, FormationVersion, Gate, Run

_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)


def run_named(by: Actor, name: str) -> Run:
    """The run of that uuid or number; raises `DoesNotExist`."""
    runs = Run.objects.of(by).select_related("tenant", "version")
    return runs.get(uuid=name) if _UUID.fullmatch(name) else runs.get(pk=_number(name))


def gate_named(by: Actor, name: str) -> Gate:
    """The gate of that number, or the waiting one of that gate id; raises `DoesNotExist` or `MultipleObjectsReturned`."""
    gates = Gate.objects.of(by).select_related("run")
    return gates.get(pk=_number(name)) if _number(name) else gates.pending().get(gate_id=name)


def version_named(by: Actor, formation: str, number: int | None = None) -> FormationVersion:
    """The version of that number of a formation, or its newest; raises `DoesNotExist`."""
    versions = FormationVersion.objects.of(by).filter(formation__slug=formation)
    return versions.latest("number") if number is None else versions.get(number=number)


def formations_named(by: Actor) -> list[tuple[str, str]]:
    """The formations of the tenant to choose from, slug and label."""
    return list(Formation.objects.of(by).order_by("label").values_list("slug", "label")[:500])


def _number(name: str) -> int:
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 19 else 0
